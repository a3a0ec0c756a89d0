import type { Metric } from '../../../bundle/schema.ts';
import type { Row } from './row.ts';
import { heldOutSets, litres } from './sets.ts';
import { atFalseAlarms, auc, bootstrap, type Interval, reliability, wilson } from './statistics.ts';

/** False alarms that models are compared at. */
export const comparedAt = 0.005;

type Score = (row: Row) => number;
export const scores = {
  dual: (row) => row.dual,
  single: (row) => row.single ?? Number.NaN,
  residual: (row) => row.residual,
  mass: (row) => row.mass,
} as const satisfies Record<string, Score>;
export type ScoreName = keyof typeof scores;

const judged = (rows: readonly Row[]) => rows.filter(({ label }) => label !== 'abstained');
const isLoaded = ({ kind }: Row) => kind !== 'empty';

function metric(name: string, set: string, value: number, { from, to }: Interval, count: number): Metric {
  return { name, set, value, low: from, high: to, confidence: 0.95, unit: '1', count };
}

/** Share of `rows` that are called loaded, with Wilson's interval; undefined without rows. */
function calledLoaded(name: string, set: string, rows: readonly Row[]): Metric[] {
  if (rows.length === 0) return [];
  const hits = rows.filter(({ label }) => label === 'loaded').length;
  return [metric(name, set, hits / rows.length, wilson(hits, rows.length), rows.length)];
}

/** Empties that a set's loaded scans are compared with: its own, or those of G. */
export function emptiesOf(rows: readonly Row[], set: string): readonly Row[] {
  const own = rows.filter((row) => row.set === set && !isLoaded(row));
  return own.length > 0 ? own : rows.filter((row) => row.set === 'G' && !isLoaded(row));
}

/** Of one set: false alarms, abstentions, detection by kind, area under the curve, place and shape of what was found. */
function metricsOf(all: readonly Row[], set: string): Metric[] {
  const rows = all.filter((row) => row.set === set);
  const empty = rows.filter((row) => !isLoaded(row));
  const loaded = rows.filter(isLoaded);
  const abstained = rows.filter(({ label }) => label === 'abstained').length;
  const found = loaded.filter(({ hit }) => hit !== undefined);
  const [positive, negative] = [judged(loaded), judged(emptiesOf(all, set))].map((some) =>
    some.map(scores.dual),
  );
  const curve = positive && negative && positive.length > 1 && negative.length > 1;
  return [
    ...calledLoaded('false alarms', set, judged(empty)),
    metric('abstained', set, abstained / rows.length, wilson(abstained, rows.length), rows.length),
    ...calledLoaded('detection, cargo', set, judged(rows.filter(({ kind }) => kind === 'cargo'))),
    ...calledLoaded('detection, small loads', set, judged(rows.filter(({ kind }) => kind === 'small'))),
    ...(curve
      ? [metric('auc', set, auc(positive, negative), bootstrap(positive, negative, auc, 300), loaded.length)]
      : []),
    ...pointing(set, found),
  ];
}

function pointing(set: string, found: readonly Row[]): Metric[] {
  if (found.length === 0) return [];
  const hits = found.filter(({ hit }) => hit).length;
  const overlaps = found.map(({ iou = 0 }) => iou);
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    metric(
      'place of the load right, of those found',
      set,
      hits / found.length,
      wilson(hits, found.length),
      found.length,
    ),
    metric(
      'overlap with the load (IoU), of those found',
      set,
      average(overlaps),
      bootstrap(overlaps, [], average, 300),
      found.length,
    ),
  ];
}

/** Detection by litres, at the deployed threshold; rungs without scans are left out. */
export function ladderOf(rows: readonly Row[], set: 'S' | 'T') {
  return litres.flatMap((litre) => {
    const some = judged(rows.filter((row) => row.set === set && row.group.endsWith(`-${litre}`)));
    const hits = some.filter(({ label }) => label === 'loaded').length;
    const n = some.length;
    return n === 0 ? [] : [{ litre, n, hits, share: hits / n, ...wilson(hits, n) }];
  });
}

/** Detection by litres of any score, at the threshold that `comparedAt` of G's empties reach. */
export function comparedLadder(rows: readonly Row[], set: 'S' | 'T', name: ScoreName) {
  const negative = emptiesOf(rows, 'G').map(scores[name]).filter(Number.isFinite);
  const { above } = atFalseAlarms([1], negative, comparedAt);
  return litres.flatMap((litre) => {
    const some = rows.filter((row) => row.set === set && row.group.endsWith(`-${litre}`)).map(scores[name]);
    return some.length === 0
      ? []
      : [{ litre, share: some.filter((score) => score > above).length / some.length }];
  });
}

/** Every score on G at the same false alarms: what learning, and what the second energy, are worth. */
export function compare(rows: readonly Row[], name: ScoreName): Metric[] {
  const some = rows.filter((row) => row.set === 'G' && Number.isFinite(scores[name](row)));
  const negative = some.filter((row) => !isLoaded(row)).map(scores[name]);
  return (['cargo', 'small'] as const).flatMap((kind) => {
    const positive = some.filter((row) => row.kind === kind).map(scores[name]);
    if (positive.length === 0 || negative.length === 0) return [];
    const { hits } = atFalseAlarms(positive, negative, comparedAt);
    const interval = wilson(hits, positive.length);
    const said = `detection, ${kind}, at ${comparedAt * 100} % false alarms, ${name}`;
    return [metric(said, 'G', hits / positive.length, interval, positive.length)];
  });
}

/** Calibration on G: error and reliability. */
export function calibrationOf(rows: readonly Row[]) {
  const some = judged(rows.filter(({ set }) => set === 'G'));
  return reliability(
    some.map(({ dual }) => 1 / (1 + Math.exp(-dual))),
    some.map(isLoaded),
  );
}

/** All figures of the card, those of the sets first. */
export function metricsOfAll(rows: readonly Row[]): Metric[] {
  const sets = heldOutSets
    .map(({ id }) => id)
    .filter((id) => id !== 'S' && id !== 'T' && rows.some(({ set }) => set === id));
  const two = ladderOf(rows, 'S').find(({ litre }) => litre === 2);
  const { ece } = calibrationOf(rows);
  return [
    ...sets.flatMap((set) => metricsOf(rows, set)),
    ...(two ? [metric('detection, 2 litres in the open', 'S', two.share, two, two.n)] : []),
    metric(
      'expected calibration error',
      'G',
      ece,
      { from: ece, to: ece },
      rows.filter(({ set }) => set === 'G').length,
    ),
    ...(Object.keys(scores) as ScoreName[]).flatMap((name) => compare(rows, name)),
  ];
}
