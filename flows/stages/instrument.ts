import { type Static, Type } from 'typebox';
import type { EventDraft, MessageOf } from '../message.ts';
import type { BeltPlace } from '../ore/belt-place.ts';
import { chart, freshChart, usualChart } from '../ore/drift.ts';
import { type CheckName, featuresOf } from '../ore/instrument-features.ts';
import { type CheckLimits, Gathered, gather, reportOf } from '../ore/instrument-report.ts';
import type { SpectrumMessage } from '../ore/model.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { eventAbout } from './fixes.ts';
import { type CheckConfig, checkInstruments, InstrumentConfig } from './instrument-config.ts';
import { eventTime, toIso } from './time.ts';

const Chart = Type.Object({
  count: Type.Integer({ description: 'Values so far.' }),
  ewma: Type.Number({ description: 'Weighted mean of the newest values, deviations.' }),
  above: Type.Number({ description: 'CUSUM of what is above.' }),
  below: Type.Number({ description: 'CUSUM of what is below.' }),
  wrong: Type.Integer({ description: 'Values in a row that say it is out.' }),
  right: Type.Integer({ description: 'Values in a row that say it is in.' }),
  drifts: Type.Boolean({ description: 'A chart has spoken, and that was told.' }),
  outMs: Type.Optional(Type.Number({ description: 'Since when it is out by this check, epoch ms.' })),
  mean: Type.Optional(Type.Number({ description: 'Centre line that the chart was begun with.' })),
  sigma: Type.Optional(Type.Number({ description: 'Deviation that the chart was begun with.' })),
  gathered: Type.Optional(Gathered),
  told: Type.Optional(Type.String({ description: 'State that was reported last.' })),
});
type Chart = Static<typeof Chart>;
const Instrument = Type.Object({
  charts: Type.Record(Type.String(), Chart, { description: 'By check.' }),
  whiteMs: Type.Optional(Type.Number({ description: 'Newest white reference, epoch ms.' })),
  startMs: Type.Number({ description: 'First spectrum, epoch ms.' }),
  level: Type.Optional(Type.Number({ description: 'Mean of the newest spectra of ore.' })),
  variance: Type.Optional(Type.Number({ description: 'Their variance about it.' })),
  spectra: Type.Integer({ description: 'Spectra of moving ore so far.' }),
  positionM: Type.Optional(Type.Number({ description: 'Place on the belt of the newest one, m.' })),
});
type Instrument = Static<typeof Instrument>;

const freshCheck = (): Chart => ({ ...freshChart, wrong: 0, right: 0, drifts: false });

/** Whether a spectrum shows an instrument's health by the ore that it looks at. */
const isOfOre = ({ technique, attributes: { reference = 'sample' } }: SpectrumMessage): boolean =>
  technique !== 'gamma' && reference === 'sample';

/** Weight of the newest spectrum in level and variance, and spectra before they say something. */
const weight = 0.1;
const settledAfter = 20;
const agedCheck = 'reference.age';

const stateOf = ({ outMs, drifts }: Chart): 'in' | 'drift' | 'out' =>
  outMs !== undefined ? 'out' : drifts ? 'drift' : 'in';

/** What a declaration says was done to an instrument: `attributes.instrument`. */
interface Maintenance {
  readonly device: string;
  readonly what?: string;
  readonly by?: string;
}

function maintenanceOf(message: MessageOf<'declaration'>): Maintenance | undefined {
  const { instrument: said } = message.attributes as { instrument?: Partial<Maintenance> };
  if (typeof said?.device !== 'string') return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : undefined);
  const [what, by] = [text(said.what), text(said.by)];
  return { device: said.device, ...(what ? { what } : {}), ...(by ? { by } : {}) };
}

/**
 * Charts of what an instrument shows of itself. A drift is told; an instrument that is out, with an old reference, or blind gives spectra of
 * quality `bad`: no stage looks at them, their mass is not covered, and the lot is not clear by them.
 */
export const instrument = defineStage({
  type: 'instrument',
  summary:
    'Watches lamps, gain, wavelengths, energies and windows of instruments; what one says that is out counts for nothing.',
  accepts: 'any',
  emits: 'same',
  config: InstrumentConfig,
  state: Instrument,
  outputs: () => ['charts', 'health'],
  check: checkInstruments,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Instrument>;
    const known = new Map(config.instruments.map((one) => [one.device, one]));

    const tell = (
      what: 'check' | 'drift' | 'out' | 'recalibrated' | 'restored',
      device: string,
      ms: number,
      data: Record<string, unknown>,
    ): EventDraft =>
      eventAbout(`quaywatch.instrument.${what}`, device, toIso(ms), ctx.node, { device, ...data });

    /** One value of one check; whether the instrument is out by it. */
    function look(device: string, chartState: Chart, check: CheckConfig, value: number, ms: number): boolean {
      const { mean, sigma, outSigmas, least = -Infinity, most = Infinity } = check;
      beginAnew(device, chartState, check, ms);
      let moment = freshChart;
      let wrong = !Number.isFinite(value) || value < least || value > most;
      if (mean !== undefined && sigma !== undefined) {
        const { state: next, alarms } = chart(chartState, value, { ...usualChart, mean, sigma });
        moment = next;
        Object.assign(chartState, next);
        wrong ||= Math.abs(next.ewma) > outSigmas;
        if (alarms.length > 0 && !chartState.drifts)
          ctx.send('health', tell('drift', device, ms, { check: check.check, value, mean, sigma, alarms }));
        if (alarms.length > 0) Object.assign(chartState, { drifts: true, above: 0, below: 0 });
        else if (chartState.drifts && Math.abs(next.ewma) < 1) {
          chartState.drifts = false;
          if (chartState.outMs === undefined)
            ctx.send('health', tell('restored', device, ms, { check: check.check, value }));
        }
      }
      const out = settle(device, chartState, check, wrong, value, ms);
      report(device, chartState, check, value, ms, moment);
      return out;
    }

    /** A chart about another centre line, or another deviation, is another chart: the instrument was calibrated anew. */
    function beginAnew(device: string, one: Chart, { check, mean, sigma }: CheckConfig, ms: number): void {
      if (mean === undefined || sigma === undefined || (one.mean === mean && one.sigma === sigma)) return;
      if (one.mean !== undefined) {
        Object.assign(one, freshChart, { drifts: false });
        const before = { fromMean: one.mean, fromSigma: one.sigma };
        ctx.send('charts', tell('recalibrated', device, ms, { check, mean, sigma, ...before }));
      }
      Object.assign(one, { mean, sigma });
    }

    /** Tells a chart's newest stretch every so often, and at once when its state is another. */
    function report(
      device: string,
      one: Chart,
      check: CheckLimits & { readonly check: string },
      value: number,
      ms: number,
      moment: typeof freshChart,
    ): void {
      if (Number.isFinite(value)) one.gathered = gather(one.gathered, value, ms, moment);
      const now = stateOf(one);
      const { gathered, told } = one;
      if (gathered === undefined) return;
      if (told === now && ms - gathered.fromMs < config.chartSeconds * 1000) return;
      const facts = { check: check.check, state: now, ...reportOf(gathered, one.ewma, check) };
      ctx.send('charts', tell('check', device, ms, facts));
      one.told = now;
      delete one.gathered;
    }

    /** Charts of an instrument that was worked at begin anew; what is out stays so until its values are right. */
    function maintained({ device, what, by }: Maintenance, ms: number): void {
      const one = state.get(device);
      if (one === undefined) return;
      for (const chartState of Object.values(one.charts))
        Object.assign(chartState, freshChart, { drifts: false, wrong: 0 });
      state.set(device, one);
      ctx.send('charts', tell('recalibrated', device, ms, { what: what ?? 'calibrated', by: by ?? null }));
    }

    function settle(
      device: string,
      one: Chart,
      check: { check: string; mean?: number; sigma?: number },
      wrong: boolean,
      value: number,
      ms: number,
    ): boolean {
      one.wrong = wrong ? one.wrong + 1 : 0;
      one.right = wrong ? 0 : one.right + 1;
      const facts = { check: check.check, value: Number.isFinite(value) ? value : null };
      if (one.outMs === undefined && one.wrong >= config.confirm) {
        one.outMs = ms;
        const { mean = null, sigma = null } = check;
        ctx.send('health', tell('out', device, ms, { ...facts, mean, sigma }));
      } else if (one.outMs !== undefined && one.right >= config.confirm) {
        ctx.send('health', tell('restored', device, ms, { ...facts, since: toIso(one.outMs) }));
        delete one.outMs;
      }
      return one.outMs !== undefined;
    }

    /** Features of the newest spectrum and of how spectra of ore vary. */
    function features(one: Instrument, message: SpectrumMessage): Partial<Record<CheckName, number>> {
      const { empty, belt } = message.attributes as { empty?: boolean; belt?: BeltPlace };
      // Nothing moves below an instrument over an empty belt, and no iron shines there; references and counters need no ore.
      if (empty === true && isOfOre(message)) return {};
      const found = featuresOf(message);
      const level = found['sample.level'];
      if (level === undefined) return found;
      // Nor does anything where the belt stands.
      const stands = belt !== undefined && belt.positionM === one.positionM;
      if (belt) one.positionM = belt.positionM;
      if (stands) return found;
      const before = one.level ?? level;
      one.level = before + weight * (level - before);
      one.variance = (1 - weight) * ((one.variance ?? 0) + weight * (level - before) ** 2);
      one.spectra += 1;
      return one.spectra < settledAfter
        ? found
        : { ...found, 'sample.variation': Math.sqrt(one.variance) / Math.max(1e-9, Math.abs(one.level)) };
    }

    function aged(device: string, one: Instrument, maxSeconds: number | undefined, ms: number): void {
      if (maxSeconds === undefined) return;
      const age = (ms - (one.whiteMs ?? one.startMs)) / 1000;
      const chartState = one.charts[agedCheck] ?? freshCheck();
      one.charts[agedCheck] = chartState;
      settle(device, chartState, { check: agedCheck }, age > maxSeconds, age, ms);
      report(device, chartState, { check: agedCheck, most: maxSeconds }, age, ms, freshChart);
    }

    return process(ctx, {
      message(message, out) {
        const work = message.kind === 'declaration' ? maintenanceOf(message) : undefined;
        if (work && known.has(work.device)) return maintained(work, eventTime(message));
        const instrumentOf = message.kind === 'spectrum' ? known.get(message.device ?? '') : undefined;
        if (message.kind !== 'spectrum' || instrumentOf === undefined) return out(message);
        const { device, checks, maxReferenceAgeSeconds } = instrumentOf;
        const ms = eventTime(message);
        const one = state.get(device) ?? { charts: {}, startMs: ms, spectra: 0 };
        const { reference } = message.attributes as { reference?: string };
        if (reference === 'white') one.whiteMs = Math.max(one.whiteMs ?? 0, ms);
        const found = features(one, message);
        for (const check of checks) {
          const value = found[check.check];
          if (value === undefined) continue;
          const chartState = one.charts[check.check] ?? freshCheck();
          one.charts[check.check] = chartState;
          look(device, chartState, check, value, ms);
        }
        aged(device, one, maxReferenceAgeSeconds, ms);
        state.set(device, one);
        // References are the instrument's own; no stage takes them for ore.
        if (reference !== undefined && reference !== 'sample') return;
        const out1 = Object.entries(one.charts).filter(([, { outMs }]) => outMs !== undefined);
        if (out1.length === 0) return out(message);
        const outBy = out1.map(([name]) => name);
        out({ ...message, quality: 'bad', attributes: { ...message.attributes, outBy } });
      },
    });
  },
});
