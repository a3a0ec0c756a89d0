import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { assessment } from '../ore/assessment.ts';
import type { BeltPlace, IncrementClosed } from '../ore/belt-place.ts';
import { DoseState, doseStep, freshDose } from '../ore/dose.ts';
import { freshGamma, GammaState, gammaStep } from '../ore/gamma-watch.ts';
import type { OreFinding, SpectrumMessage } from '../ore/model.ts';
import { countsAlarm, doseAlarm, type RadiationAlarm, radiationFinding } from '../ore/radiation-alarm.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { eventAbout } from './fixes.ts';
import { admit, deviceOf } from './keys.ts';
import { closedBy } from './ore-stage.ts';
import { policyOf } from './policy-field.ts';
import { RadiationConfig } from './radiation-config.ts';
import { eventTime, toIso } from './time.ts';

const Occupancy = Type.Object({
  fromMs: Type.Number({ description: 'Since when something is in the field, epoch ms.' }),
  toMs: Type.Number({ description: 'Newest measurement of it, epoch ms.' }),
  measurements: Type.Integer({ description: 'Measurements of it.' }),
  sigmas: Type.Number({ description: 'The most that was seen, deviations above the background.' }),
  alarm: Type.Boolean({ description: 'There was an alarm.' }),
});
const Device = Type.Object({
  gamma: Type.Optional(GammaState),
  dose: Type.Optional(DoseState),
  heardMs: Type.Optional(Type.Number({ description: 'Newest dose rate, epoch ms.' })),
  told: Type.Enum(['none', 'inspect', 'hold'], {
    description: 'An alarm goes on, and so much of it was told.',
  }),
  occupancy: Type.Optional(Occupancy),
});
type Device = Static<typeof Device>;
const Increment = Type.Object({
  windows: Type.Array(Type.Integer(), { description: 'Windows that were measured.' }),
  findings: Type.Array(Type.Unknown(), { description: 'Alarms.' }),
  sigmas: Type.Optional(
    Type.Number({ description: 'The most that was seen, deviations above the background.' }),
  ),
  doseRate: Type.Optional(Type.Number({ description: 'The highest dose rate, uSv/h.' })),
  undosed: Type.Optional(Type.Boolean({ description: 'Some of it was measured while no dose rate came.' })),
});
type Increment = Omit<Static<typeof Increment>, 'findings'> & { findings: OreFinding[] };

const deviceKey = (device: string) => `device ${device}`;
const incrementKey = (lot: string, increment: number) => `increment ${lot} ${increment}`;

/**
 * Background is what is measured without an alarm, lower behind more ore. Spectra speak by N sigma in k of n, all counts and windows of
 * nuclides; dose rates by the levels of the policy. Measurements outside of lots and of an empty belt are background too.
 */
export const radiation = defineStage({
  type: 'radiation',
  summary:
    'Watches gamma spectra and dose rates over a belt or in a portal against a background that follows the load.',
  accepts: 'any',
  emits: ['finding', 'event'],
  config: RadiationConfig,
  state: Type.Union([Device, Increment]),
  build(config, ctx) {
    const devices = ctx.state as KeyedState<Device>;
    const increments = ctx.state as KeyedState<Increment>;
    const policy = policyOf(config.policy, ctx.resources);
    const by = { id: `${policy.id}/radiation`, version: policy.version, signed: true, simulated: false };
    const settings = {
      halfLifeS: config.halfLifeSeconds,
      warmUpS: config.warmUpSeconds,
      sigmas: config.sigmas,
      least: config.least,
      outOf: config.outOf,
      shielding: config.shielding,
    };

    function spectrum(
      device: Device,
      message: SpectrumMessage,
      load: number,
    ): { alarm: RadiationAlarm | undefined; ready: boolean; sigmas: number } {
      const step = gammaStep(device.gamma ?? freshGamma(), message, load, settings);
      device.gamma = step.state;
      const ready = step.state.gross.seconds >= settings.warmUpS;
      return { ready, sigmas: step.sigmas, alarm: countsAlarm(step) };
    }

    function dose(
      device: Device,
      message: MessageOf<'reading'>,
    ): { alarm: RadiationAlarm | undefined; ready: boolean; sigmas: number } {
      const before = device.dose ?? freshDose;
      const { state, level, ratio } = doseStep(before, message.value, policy.radiation);
      // Beyond its range, or held at its end, a meter is in doubt, and so is a strong source what drives it there.
      const inDoubt = message.quality !== 'good';
      if (!inDoubt) device.dose = state;
      const { value, quality } = message;
      return {
        ready: false,
        sigmas: 0,
        alarm: doseAlarm({ value, quality, level, ratio, background: before.mean }),
      };
    }

    function occupy(
      device: Device,
      name: string,
      message: Message,
      sigmas: number,
      alarm: boolean,
      out: Out,
    ): void {
      const { occupied, belt, empty } = message.attributes as {
        occupied?: boolean;
        belt?: BeltPlace;
        empty?: boolean;
      };
      // A portal that does not say when it is occupied: what raises the counts is there.
      const inField = occupied ?? (belt === undefined ? sigmas > config.sigmas : empty !== true);
      const ms = eventTime(message);
      const { occupancy } = device;
      if (inField) {
        device.occupancy = {
          fromMs: occupancy?.fromMs ?? ms,
          toMs: ms,
          measurements: (occupancy?.measurements ?? 0) + 1,
          sigmas: Math.max(occupancy?.sigmas ?? sigmas, sigmas),
          alarm: alarm || (occupancy?.alarm ?? false),
        };
        return;
      }
      if (occupancy === undefined) return;
      const { fromMs, toMs, ...facts } = occupancy;
      const data = { device: name, from: toIso(fromMs), to: toIso(toMs), ...facts };
      out(eventAbout('quaywatch.radiation.occupancy', name, toIso(ms), ctx.node, data));
      delete device.occupancy;
    }

    /** Whether a dose rate was heard of late, as far as the policy asks for one. */
    function isDosed(ms: number): boolean {
      const { doseSilenceSeconds } = policy.radiation;
      if (doseSilenceSeconds === undefined) return true;
      for (const key of ctx.state.keys()) {
        const heardMs = key.startsWith(deviceKey('')) ? devices.get(key)?.heardMs : undefined;
        if (heardMs !== undefined && ms - heardMs <= 1000 * doseSilenceSeconds) return true;
      }
      return false;
    }

    function measured(message: SpectrumMessage | MessageOf<'reading'>, out: Out): void {
      const name = deviceOf(message);
      const key = deviceKey(name);
      admit(ctx.state, key, config.maxKeys);
      const device: Device = devices.get(key) ?? { told: 'none' };
      const { belt, doubt } = message.attributes as { belt?: BeltPlace; doubt?: boolean };
      const load = (belt?.loadKgPerM ?? 0) / config.fullLoadKgPerM;
      const isSpectrum = message.kind === 'spectrum';
      const { alarm, ready, sigmas } = isSpectrum ? spectrum(device, message, load) : dose(device, message);
      const ms = eventTime(message);
      if (!isSpectrum) device.heardMs = Math.max(device.heardMs ?? ms, ms);
      if (isSpectrum) occupy(device, name, message, sigmas, alarm !== undefined, out);
      const seen = isSpectrum ? { sigmas } : { doseRate: message.value };
      if (belt !== undefined) note(belt, ready && doubt !== true, !isSpectrum || isDosed(ms), alarm, seen);
      if (
        alarm !== undefined &&
        (device.told === 'none' || (device.told === 'inspect' && alarm.action === 'hold'))
      ) {
        const place =
          belt === undefined ? {} : { lot: belt.lot, positionM: belt.positionM, massT: belt.massT };
        const { cause, action, sentence, facts } = alarm;
        const data = { device: name, cause, action, reason: sentence, ...place, ...facts };
        out(
          eventAbout(
            'quaywatch.radiation.alarm',
            belt?.lot ?? name,
            toIso(eventTime(message)),
            ctx.node,
            data,
          ),
        );
      }
      device.told = alarm === undefined ? 'none' : device.told === 'hold' ? 'hold' : alarm.action;
      devices.set(key, device);
    }

    function note(
      { lot, increment, window, positionM }: BeltPlace,
      ready: boolean,
      dosed: boolean,
      alarm: RadiationAlarm | undefined,
      seen: { readonly sigmas?: number; readonly doseRate?: number },
    ): void {
      const key = incrementKey(lot, increment);
      admit(ctx.state, key, config.maxKeys);
      const known = increments.get(key) ?? { windows: [], findings: [] };
      if (!dosed) known.undosed = true;
      if (ready && dosed && !known.windows.includes(window)) known.windows.push(window);
      for (const name of ['sigmas', 'doseRate'] as const) {
        const value = seen[name];
        if (value !== undefined) known[name] = Math.max(known[name] ?? value, value);
      }
      if (alarm && known.findings.length < 20)
        known.findings.push(radiationFinding(alarm, window, positionM));
      increments.set(key, known);
    }

    function conclude(closed: IncrementClosed, out: Out): void {
      const key = incrementKey(closed.lot, closed.increment);
      const known: Increment = increments.get(key) ?? { windows: [], findings: [] };
      const { windows, findings, undosed = false, ...facts } = known;
      ctx.state.delete(key);
      const judged = [...windows].sort((a, b) => a - b).map((window) => ({ window, p: 1 }));
      const reasons = undosed
        ? [`No dose rate came for more than ${policy.radiation.doseSilenceSeconds} s.`]
        : judged.length === 0
          ? ['No gamma spectrum of it, or the background is not yet known.']
          : [];
      out(
        assessment(
          'radiation',
          by,
          closed,
          { values: [], windows: judged, findings, reasons, facts },
          judged.length === 0,
        ),
      );
    }

    return process(ctx, {
      message(message, out) {
        const closed = closedBy(message);
        if (closed) return conclude(closed, out);
        const { kind, quality } = message;
        if (kind === 'reading' && message.name === 'doseRate' && quality !== 'stale') measured(message, out);
        if (kind === 'spectrum' && message.technique === 'gamma' && quality === 'good')
          measured(message, out);
      },
    });
  },
});
