import type { Message } from '#flows/message';
import type { OreModel, OreModels } from '#flows/ore/model';
import type { Policy } from '#flows/ore/policy';

/** A policy with one limit of each action, for tests. */
export const testPolicy: Policy = {
  id: 'test-policy',
  version: '1',
  issued: '2026-01-01',
  documents: [
    {
      id: 'old',
      title: 'Old rule',
      kind: 'law',
      source: 'a test',
      confidence: 'assumed',
      from: '2017-10-01',
      until: '2026-02-28',
      requires: ['a'],
    },
    {
      id: 'new',
      title: 'New rule',
      kind: 'law',
      source: 'a test',
      confidence: 'assumed',
      from: '2026-03-01',
      requires: ['b'],
    },
  ],
  limits: [
    {
      element: 'As',
      maxPct: 0.07,
      action: 'note',
      title: 'Arsenic',
      kind: 'trade',
      source: 'a test',
      confidence: 'assumed',
      from: '2020-01-01',
    },
    {
      element: 'Zn',
      maxPct: 0.1,
      action: 'inspect',
      title: 'Zinc',
      kind: 'trade',
      source: 'a test',
      confidence: 'assumed',
      from: '2020-01-01',
    },
  ],
  radiation: {
    alertSigmas: 3,
    alertRatio: 1.5,
    holdRatio: 3,
    holdAboveUsvPerH: 1,
    title: 'Radiation',
    kind: 'site',
    source: 'a test',
    confidence: 'assumed',
  },
  ignition: {
    lowestPct: -3.46,
    sigmas: 3,
    action: 'hold',
    title: 'Ignition',
    kind: 'site',
    source: 'a test',
    confidence: 'assumed',
  },
  minCoverage: 0.95,
  wasteAction: 'hold',
  inclusionAction: 'inspect',
};

export const declaredLot = (lot: string, more: object = {}) => ({
  lot,
  shipper: 'Shipper',
  brand: 'PB fines',
  mine: 'Mine',
  port: 'Port',
  massT: 100,
  ...more,
});

const start = Date.parse('2026-03-01T08:00:00Z');
export const moment = (seconds: number): string => new Date(start + Math.round(seconds * 1000)).toISOString();
const message = (seconds: number, device: string, fields: object): Message =>
  ({
    device,
    time: moment(seconds),
    received: moment(seconds),
    quality: 'good',
    attributes: {},
    ...fields,
  }) as Message;

export interface BeltRun {
  readonly seconds: number;
  /** m/s and t/h at a second. */
  readonly speed?: (second: number) => number;
  readonly flow?: (second: number) => number;
  /** What the sensors see of the ore that lies at so many tonnes. */
  readonly ore?: (tonnes: number) => { readonly fe: number; readonly bad: boolean };
  readonly nirOffsetM?: number;
}

/**
 * Messages of a belt in order of time: a scale five times a second, a spectrometer behind it that sees the ore of the scale later, and lots.
 * The spectrum is [Fe, 1 for bad ore].
 */
export function beltMessages(
  run: BeltRun,
  lots: readonly { at: number; state: 'begin' | 'end'; lot?: object }[],
): Message[] {
  const {
    seconds,
    speed = () => 2,
    flow = () => 3600,
    nirOffsetM = 8,
    ore = () => ({ fe: 60, bad: false }),
  } = run;
  const messages: Message[] = lots.map(({ at, state, lot }) =>
    message(at, 'office', {
      kind: 'declaration',
      id: 'D',
      goods: [],
      attributes: { lot: { state, declared: lot } },
    }),
  );
  const steps: { s: number; x: number; t: number }[] = [];
  let [x, t] = [0, 0];
  for (let i = 0; i <= seconds * 5; i++) {
    const s = i / 5;
    if (i > 0) {
      x += ((speed(s - 0.2) + speed(s)) / 2) * 0.2;
      t += (flow(s) / 3600) * 0.2;
    }
    steps.push({ s, x, t });
    messages.push(
      message(s, 'scale', {
        kind: 'reading',
        name: 'massTotal',
        unit: 't',
        value: Math.round(t * 1000) / 1000,
      }),
      message(s, 'scale', { kind: 'reading', name: 'beltSpeed', unit: 'm/s', value: speed(s) }),
    );
    if (i % 5 === 2) {
      const seen = x - nirOffsetM;
      const at = steps.findLast((step) => step.x <= seen);
      const { fe, bad } = ore(at?.t ?? 0);
      messages.push(
        message(s, 'nir', {
          kind: 'spectrum',
          technique: 'nir',
          axis: { unit: 'nm', start: 1000, step: 1000 },
          values: [at === undefined || seen < 0 ? 0 : fe, bad ? 1 : 0],
        }),
      );
    }
  }
  return messages.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
}

/** Models that read the spectra of `beltMessages`: as little as a model can do, for tests of what is around it. */
export function plainModels(more: Partial<OreModel> = {}): OreModels {
  const model = (id: string): OreModel => ({
    id,
    version: '1.0.0',
    signed: true,
    simulated: true,
    techniques: ['nir'],
    run: async (measurement) => ('values' in measurement ? measurement.values : []),
    conclude(increment, measured, memory) {
      const seen = measured.map(({ place, result }) => {
        const [fe = 0, bad = 0] = result as number[];
        return { window: place.window, fe, bad };
      });
      const fe = seen.reduce((sum, one) => sum + one.fe, 0) / Math.max(1, seen.length);
      const windows = [...new Set(seen.map(({ window }) => window))].map((window) => ({
        window,
        p: seen.some((one) => one.window === window && one.bad > 0) ? 1e-4 : 0.5,
      }));
      const bad = seen.some((one) => one.bad > 0);
      return {
        answer: {
          values: seen.length > 0 ? [{ name: 'Fe', unit: '%', value: fe, sigma: 0.4, bias: 0.1 }] : [],
          windows,
          findings: bad ? [{ label: 'BOF slag', score: 0.9, evidence: {} }] : [],
          reasons: [],
        },
        memory: {
          increments: ((memory as { increments?: number })?.increments ?? 0) + 1,
          last: increment.increment,
        },
      };
    },
    ...more,
  });
  return { ore: (id) => (id.startsWith('ore-') ? model(id) : undefined) };
}
