import type { ValueSums } from './lot-fold.ts';

/** A quantity of the whole lot; percent, but for the numbers. */
export interface LotValue {
  readonly value: number;
  /** Ends of the 95 % interval, of all errors that are known. */
  readonly lower: number;
  readonly upper: number;
  /** One standard deviation of what averages out over the lot, and of what does not. */
  readonly random: number;
  readonly bias: number;
  /** Deviation between increments, and how neighbours resemble each other, 0..1. */
  readonly between: number;
  readonly likeness: number;
  readonly increments: number;
  /** Half the difference of the two interleaved halves: what a repeated sampling would differ by. */
  readonly halves: number;
}

const normal95 = 1.959963984540054;
/** A correlation from few pairs would be anything. */
const leastPairs = 10;

const ratio = (top: bigint, bottom: bigint): number => Number(top) / Number(bottom);

/**
 * The lot's value from its sums, of a lot of `lotKg` of mass; absent: the increments are samples of much more. Neighbouring increments resemble each other, so that many count for few: the variance of the mean is
 * s2/n (1+r)/(1-r), with r from the differences of neighbours (the variogram's first step against its sill), as sampling practice for bulk
 * ores does it; the text of ISO 3082 and 3084 was not seen. That is how far samples err: of what was
 * looked at whole nothing of it is left but what was measured wrongly, which goes along the belt with the ore (the correction for a finite population). Calibration and reference are common to all increments and do not average out.
 */
export function lotValue(sums: ValueSums, lotKg?: number): LotValue {
  const [mass, mass2] = [BigInt(sums.massKg), BigInt(sums.mass2)];
  const weighted = BigInt(sums.value);
  const value = ratio(weighted, mass) / 1e6;
  // mass times the sum of squares less the squared sum is exact; each alone would lose all digits that matter.
  const spread = ratio(BigInt(sums.value2) * mass - weighted * weighted, mass * mass) / 1e12;
  const effective = ratio(mass * mass, mass2);
  const variance = effective > 1 ? (spread * effective) / (effective - 1) : 0;
  const step = sums.pairs > 0 ? Number(BigInt(sums.steps)) / (2 * sums.pairs) / 1e12 : variance;
  const likeness =
    variance > 0 && sums.pairs >= leastPairs ? Math.min(0.99, Math.max(0, 1 - step / variance)) : 0;
  const alike = (1 + likeness) / (1 - likeness);
  const observed = (variance / effective) * alike;
  const stated = ratio(BigInt(sums.noise), mass * mass) / 1e12;
  const seen = lotKg === undefined ? 0 : Math.min(1, Number(mass) / Math.max(1, lotKg));
  const random = Math.sqrt((1 - seen) * Math.max(observed, stated) + seen * stated * alike);
  const bias = ratio(BigInt(sums.bias), mass) / 1e6;
  const half = normal95 * Math.hypot(random, bias);
  const [oddMass, oddValue] = [BigInt(sums.odd[0]), BigInt(sums.odd[1])];
  const both = oddMass > 0n && oddMass < mass;
  const halves = both
    ? Math.abs(ratio(oddValue, oddMass) - ratio(weighted - oddValue, mass - oddMass)) / 2e6
    : 0;
  return {
    value,
    lower: value - half,
    upper: value + half,
    random,
    bias,
    between: Math.sqrt(variance),
    likeness,
    increments: sums.increments,
    halves,
  };
}
