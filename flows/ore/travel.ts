import { type Static, Type } from 'typebox';

/**
 * How far the belt has gone and what has gone over the scale with it: what joins sensors by belt position. Metres count from the first
 * sample, kilograms likewise; both only grow. `ms`, `xM` and `kg` are samples, oldest first, as far back as the last sensor looks.
 */
export const Travel = Type.Object({
  ms: Type.Array(Type.Number(), { description: 'Times of the samples, epoch ms.' }),
  xM: Type.Array(Type.Number(), { description: 'Metres of belt that had gone by then.' }),
  kg: Type.Array(Type.Number(), { description: 'Kilograms that had gone over the scale by then.' }),
  speedMps: Type.Number({ description: 'Speed of the belt at the last sample, m/s.' }),
  totaliserKg: Type.Number({ description: 'Totaliser at the last sample, kg.' }),
  stoodMs: Type.Number({ description: 'For how long the belt has stood, ms.' }),
  doubt: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
    description: 'Stretches of belt that went by while the scale was silent: metres from and to.',
  }),
});
export type Travel = Static<typeof Travel>;

/** What the scale said at one moment. */
export interface ScaleSample {
  readonly ms: number;
  readonly totaliserKg: number;
  /** Absent: the belt's way is told from the mass, at so many kg/m. */
  readonly speedMps: number | undefined;
}

export interface TravelSettings {
  /** Load by which metres are told from the totaliser where nothing says the speed. */
  readonly kgPerM: number;
  /** Silence of the scale after which places are in doubt, ms. */
  readonly gapMs: number;
  /** How far back places are asked for, m. */
  readonly keepM: number;
}

/** Slower than this, a belt stands. */
const standsMps = 0.02;

export const startTravel = ({ ms, totaliserKg, speedMps = 0 }: ScaleSample): Travel => ({
  ms: [ms],
  xM: [0],
  kg: [0],
  speedMps,
  totaliserKg,
  stoodMs: 0,
  doubt: [],
});

export const last = (values: readonly number[]): number => values[values.length - 1] ?? 0;

/** One more sample, later than the last. The travel is changed in place. */
export function goOn(travel: Travel, sample: ScaleSample, { kgPerM, gapMs, keepM }: TravelSettings): void {
  const dt = sample.ms - last(travel.ms);
  // A totaliser that went back was set to zero, and says nothing of what went by meanwhile.
  const mass = Math.max(0, sample.totaliserKg - travel.totaliserKg);
  const { speedMps } = sample;
  const way =
    speedMps === undefined ? mass / kgPerM : Math.max(0, (((travel.speedMps + speedMps) / 2) * dt) / 1000);
  // Micrometres are enough, and keep a belt that creeps from having places that no number can tell apart.
  const [x, kg] = [Math.round((last(travel.xM) + way) * 1e6) / 1e6, last(travel.kg) + mass];
  if ((speedMps ?? (way * 1000) / dt) < standsMps && way < (standsMps * dt) / 1000) travel.stoodMs += dt;
  if (dt > gapMs) travel.doubt.push([last(travel.xM), x]);
  const count = travel.xM.length;
  // A stop is its two ends.
  if (count > 1 && travel.xM[count - 2] === x && travel.kg[count - 2] === kg)
    travel.ms[count - 1] = sample.ms;
  else {
    travel.ms.push(sample.ms);
    travel.xM.push(x);
    travel.kg.push(kg);
  }
  travel.speedMps = speedMps ?? (way * 1000) / dt;
  travel.totaliserKg = sample.totaliserKg;
  forget(travel, x - keepM);
}

function forget(travel: Travel, beforeM: number): void {
  let drop = 0;
  while (drop < travel.xM.length - 2 && (travel.xM[drop + 1] as number) < beforeM) drop++;
  if (drop > 0) for (const list of [travel.ms, travel.xM, travel.kg]) list.splice(0, drop);
  while ((travel.doubt[0]?.[1] ?? Infinity) < beforeM) travel.doubt.shift();
}

/** Number of the sample at or before which `at` lies in rising values; of two that are equal the first. */
function before(values: readonly number[], at: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function between(from: readonly number[], to: readonly number[], at: number): number {
  if (from.length === 1) return to[0] as number;
  const i = before(from, at);
  const [a, b] = [from[i] as number, from[i + 1] as number];
  const [u, v] = [to[i] as number, to[i + 1] as number];
  if (a === b || at <= a) return u;
  return at >= b ? v : u + ((at - a) / (b - a)) * (v - u);
}

/** Metres of belt that had gone by a moment inside the samples; undefined in front of them. */
export const placeAt = (travel: Travel, ms: number): number | undefined =>
  ms < (travel.ms[0] as number) ? undefined : between(travel.ms, travel.xM, ms);

/** Kilograms in front of the ore at a place. */
export const massAt = (travel: Travel, xM: number): number => between(travel.xM, travel.kg, xM);

/** Where so many kilograms had gone by: the first such place. */
export const placeOfMass = (travel: Travel, kg: number): number => between(travel.kg, travel.xM, kg);

/** When the ore at a place went over the scale: the first such moment. */
export const timeOf = (travel: Travel, xM: number): number => between(travel.xM, travel.ms, xM);

/** Load of the belt at a place, kg/m. */
export function loadAt({ xM, kg }: Travel, at: number): number {
  let i = before(xM, at);
  while (i > 0 && xM[i] === xM[i + 1]) i--;
  const way = (xM[i + 1] ?? 0) - (xM[i] ?? 0);
  return way > 0 ? ((kg[i + 1] ?? 0) - (kg[i] ?? 0)) / way : 0;
}

/**
 * Whether the scale was silent at some time between the moment of a measurement and the one at which its ore went over the scale: how far the belt
 * went meanwhile is a guess, and so is which ore it was.
 */
export function inDoubt(travel: Travel, xM: number, ms: number): boolean {
  if (travel.doubt.length === 0) return false;
  const weighedMs = timeOf(travel, xM);
  const [from, to] = [Math.min(ms, weighedMs), Math.max(ms, weighedMs)];
  return travel.doubt.some(([fromM, toM]) => from < timeOf(travel, toM) && to > timeOf(travel, fromM));
}

/** How well a place is known, m: the belt's way between the two samples of the scale about a moment, or about the ore, whichever is longer. */
export function stepAt({ ms, xM }: Travel, atM: number, atMs: number): number {
  const way = (i: number) => (xM[i + 1] ?? 0) - (xM[i] ?? 0);
  return xM.length < 2 ? 0 : Math.max(way(before(xM, atM)), way(before(ms, atMs)));
}

/** Length of belt that has to be bare, m, and how far apart it is looked for. */
const [bareM, lookM] = [0.5, 0.25] as const;

/** Whether the belt is bare, with less than so much on it, somewhere within reach of a place. What was never weighed is not known to be bare. */
export function besideBare(travel: Travel, atM: number, reachM: number, emptyKgPerM: number): boolean {
  const toM = Math.min(last(travel.xM), atM + reachM) - bareM;
  for (let from = Math.max(travel.xM[0] as number, atM - reachM); from <= toM; from += lookM)
    if (massAt(travel, from + bareM) - massAt(travel, from) < emptyKgPerM * bareM) return true;
  return false;
}
