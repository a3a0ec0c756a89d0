/** Shares of clean windows of which a calibration keeps the score that they exceed. */
const tailShares = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.00025] as const;

/** Scores of clean ore: how many there were, and what each of `tailShares` of them exceeds. */
export interface Tail {
  readonly count: number;
  readonly scores: readonly number[];
  /** Scores beyond the last become rarer by e for each so much more: an exponential tail through the last shares. */
  readonly fall: number;
}

/** From this share on the exponential tail is fitted, or from three shares before the last; and with so many scores at least. */
const fittedFrom = 6;
const leastFitted = 200;
const leastP = 1e-30;
/** The fitted tail is taken to be so much longer than it seems. */
const careful = 1.3;

/** Keeps the tail of clean scores (any order). Shares of which there are too few clean scores get none. */
export function tailOf(clean: ArrayLike<number>): Tail {
  const sorted = Float64Array.from(clean).sort();
  const count = sorted.length;
  const scores = tailShares
    .filter((share) => share * (count + 1) >= 1)
    .map((share) => sorted[count - Math.floor(share * (count + 1))] as number);
  const last = scores.length - 1;
  const from = Math.max(0, Math.min(fittedFrom, last - 3));
  const steps = Math.log((tailShares[from] as number) / (tailShares[last] ?? 1));
  const fall = count >= leastFitted ? ((scores[last] as number) - (scores[from] as number)) / steps : 0;
  const short = (value: number) => Number(value.toPrecision(5));
  return { count, scores: scores.map(short), fall: short(careful * fall) };
}

/**
 * p-value of a score among clean ones: split conformal, stepped up to the next kept share so that it is never too small; beyond the last share by the
 * exponential tail, where one could be fitted, down to 1e-30.
 */
export function tailP({ scores, fall }: Tail, score: number): number {
  let p = 1;
  for (let i = 0; i < scores.length && score > (scores[i] as number); i++) p = tailShares[i] as number;
  const last = scores.at(-1) ?? Number.POSITIVE_INFINITY;
  if (score <= last || fall <= 0) return p;
  return Math.max(leastP, p * Math.exp(-(score - last) / fall));
}
