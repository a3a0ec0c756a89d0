/** Shares of clean windows of which a calibration keeps the score that they exceed. */
export const tailShares = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.00025] as const;

/** Scores of clean ore: how many there were, and what each of `tailShares` of them exceeds. */
export interface Tail {
  readonly count: number;
  readonly scores: readonly number[];
}

/** Keeps the tail of clean scores (any order). Shares of which there are too few clean scores get the largest, and what is beyond none. */
export function tailOf(clean: ArrayLike<number>): Tail {
  const sorted = Float64Array.from(clean).sort();
  const count = sorted.length;
  const scores = tailShares
    .filter((share) => share * (count + 1) >= 1)
    .map((share) => sorted[count - Math.floor(share * (count + 1))] as number);
  return { count, scores: scores.map((score) => Number(score.toPrecision(5))) };
}

/**
 * Split conformal p-value of a score among clean ones, stepped up to the next kept share, so that it is never too small. The smallest is the last share
 * kept: 1/(count + 1) or more.
 */
export function tailP({ scores }: Tail, score: number): number {
  let p = 1;
  for (let i = 0; i < scores.length && score > (scores[i] as number); i++) p = tailShares[i] as number;
  return p;
}
