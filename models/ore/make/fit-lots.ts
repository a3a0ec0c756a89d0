import { usualRules } from '#flows/ore/scan-test';
import type { LotScale } from '../lot-scale.ts';

/** Windows of a lot that the tests are for, and rates of false alarms that the scale goes through. */
const windowsOfLot = 1000;
const rates = [1e-2, 1e-3, 1e-4] as const;
/** This share of the lots, the strangest, shows how the tail falls. */
const tailShare = 0.1;
/** One-sided 95 %: what falls so was seen on few lots. */
const careful = 1.645;

/** The most surprising that `least` of `outOf` neighbouring windows reach together, anywhere in the lot. */
export function strangest(surprises: readonly number[], least: number, outOf: number): number {
  let most = 0;
  for (let end = 0; end < surprises.length; end++) {
    const near = surprises.slice(Math.max(0, end - outOf + 1), end + 1);
    if (near.length < least) continue;
    if ((surprises[end] as number) <= most) continue;
    most = Math.max(most, near.sort((a, b) => b - a)[least - 1] as number);
  }
  return most;
}

/**
 * What clean lots exceed at a rate that is too seldom to be counted: a generalised Pareto distribution of what the strangest tenth exceeds (Pickands 1975), by probability-weighted
 * moments (Hosking and Wallis 1987), its tail no lighter than exponential, and its scale at the upper end of what so few lots leave open.
 */
export function exceededAt(values: readonly number[], rate: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const many = Math.max(2, Math.floor(tailShare * sorted.length));
  const threshold = sorted[sorted.length - many - 1] ?? 0;
  const above = sorted.slice(-many).map((value) => value - threshold);
  const mean = above.reduce((sum, value) => sum + value, 0) / many;
  const weighted = above.reduce((sum, value, i) => sum + (value * (many - 1 - i)) / (many - 1), 0) / many;
  const shape = Math.max(0, 2 - mean / Math.max(1e-12, mean - 2 * weighted));
  const scale = mean * (1 - shape) * (1 + careful / Math.sqrt(many));
  const seldom = Math.log(many / sorted.length / rate);
  return threshold + (shape < 1e-6 ? scale * seldom : (scale * Math.expm1(shape * seldom)) / shape);
}

/**
 * The scale of a stage by clean lots of whole length, surprises of their windows in order of the belt. A single window is told at a thousandth of the rate of its lot, since there are so many;
 * several together at the rate itself, since they may all be as strange as their lot.
 */
export function fitLots(lots: readonly (readonly number[])[]): LotScale {
  const several = usualRules.filter(({ least }) => least > 1);
  const of = (least: number, outOf: number) => lots.map((lot) => strangest(lot, least, outOf));
  const many = several.map(({ least, outOf }) => of(least, outOf));
  const single = of(1, 1);
  const pairs = [
    ...rates.map((rate) => [-Math.log(rate), Math.max(...many.map((values) => exceededAt(values, rate)))]),
    ...rates.map((rate) => [-Math.log(rate / windowsOfLot), exceededAt(single, rate)]),
  ] as [number, number][];
  const [told, given]: [number[], number[]] = [[], []];
  for (const [tell, seen] of pairs) {
    const before = told.at(-1) ?? 0;
    if (tell <= before) continue;
    told.push(tell);
    // Never told as rarer than it was given, and rising: by as much at least as what is told.
    given.push(Number(Math.max(tell, seen, (given.at(-1) ?? 0) + (tell - before)).toPrecision(5)));
  }
  return { given, told: told.map((value) => Number(value.toPrecision(5))), lots: lots.length };
}
