/** 97.5 % quantile of the normal distribution. */
const z = 1.959964;

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Wilson's 95 % interval of a proportion. */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return { from: 0, to: 1 };
  const p = hits / n;
  const denominator = 1 + z ** 2 / n;
  const centre = (p + z ** 2 / (2 * n)) / denominator;
  const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n * n))) / denominator;
  return { from: Math.max(0, centre - half), to: Math.min(1, centre + half) };
}

/** Area under the ROC curve: probability that a loaded one scores above an empty one, ties by half. */
export function auc(positive: readonly number[], negative: readonly number[]): number {
  const all = [
    ...positive.map((score) => ({ score, loaded: true })),
    ...negative.map((score) => ({ score, loaded: false })),
  ].sort((a, b) => a.score - b.score);
  let sum = 0;
  for (let i = 0; i < all.length; ) {
    let end = i;
    while (end < all.length && all[end]?.score === all[i]?.score) end++;
    // Ranks begin at 1; equal scores share their mean.
    for (let k = i; k < end; k++) if (all[k]?.loaded) sum += (i + 1 + end) / 2;
    i = end;
  }
  const n = positive.length;
  return (sum - (n * (n + 1)) / 2) / (n * negative.length);
}

/** Threshold that at most `share` of the negatives reach, and what share of the positives does. */
export function atFalseAlarms(positive: readonly number[], negative: readonly number[], share: number) {
  const sorted = [...negative].sort((a, b) => b - a);
  const allowed = Math.floor(share * sorted.length);
  // Just above the first negative that is one too many.
  const barrier = sorted[allowed] ?? Number.NEGATIVE_INFINITY;
  const hits = positive.filter((score) => score > barrier).length;
  return { above: barrier, detected: hits / positive.length, hits };
}

/**
 * Score that `share` of the negatives are expected above, from an exponential tail fitted to their upper tenth: a few
 * hundred of them say little about one in hundreds by counting.
 */
export function tailThreshold(negative: readonly number[], share: number): number {
  const sorted = [...negative].sort((a, b) => b - a);
  const tenth = Math.floor(sorted.length / 10);
  const from = sorted[tenth] ?? Number.NEGATIVE_INFINITY;
  const excess = sorted.slice(0, tenth).reduce((sum, score) => sum + score - from, 0) / tenth;
  return from + excess * Math.log(0.1 / share);
}

/** mulberry32: 0 <= x < 1 from a seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 95 % interval of a statistic of two samples by resampling both, 1,000 times. */
export function bootstrap(
  positive: readonly number[],
  negative: readonly number[],
  statistic: (positive: readonly number[], negative: readonly number[]) => number,
  rounds = 1000,
): Interval {
  const next = random(1);
  const draw = (from: readonly number[]) => from.map(() => from[Math.floor(next() * from.length)] as number);
  const values = Array.from({ length: rounds }, () => statistic(draw(positive), draw(negative)));
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.min(rounds - 1, Math.floor(share * rounds))] as number;
  return { from: at(0.025), to: at(0.975) };
}

export interface ReliabilityBin {
  readonly mean: number;
  readonly observed: number;
  readonly n: number;
}

/** Expected calibration error over bins of a tenth, and the bins. */
export function reliability(probabilities: readonly number[], loaded: readonly boolean[]) {
  const bins = Array.from({ length: 10 }, () => ({ sum: 0, hits: 0, n: 0 }));
  probabilities.forEach((p, i) => {
    const bin = bins[Math.min(9, Math.floor(p * 10))] as { sum: number; hits: number; n: number };
    bin.sum += p;
    bin.n++;
    if (loaded[i]) bin.hits++;
  });
  const filled = bins.filter(({ n }) => n > 0);
  const ece = filled.reduce((sum, { sum: p, hits }) => sum + Math.abs(p - hits), 0) / probabilities.length;
  return {
    ece,
    bins: filled.map(({ sum, hits, n }): ReliabilityBin => ({ mean: sum / n, observed: hits / n, n })),
  };
}

/** Logistic regression by Newton's method; `pull` draws the weights to zero. Returns bias and weights. */
export function logistic(
  rows: readonly (readonly number[])[],
  targets: readonly boolean[],
  pull = 0.01,
): number[] {
  const size = (rows[0]?.length ?? 0) + 1;
  const weights = new Array<number>(size).fill(0);
  for (let round = 0; round < 50; round++) {
    const matrix = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
    rows.forEach((row, i) => {
      const x = [1, ...row];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, k) => sum + value * (weights[k] as number), 0)));
      const error = (targets[i] ? 1 : 0) - p;
      for (let a = 0; a < size; a++) {
        const line = matrix[a] as number[];
        for (let b = 0; b < size; b++)
          line[b] = (line[b] as number) + p * (1 - p) * (x[a] as number) * (x[b] as number);
        line[size] = (line[size] as number) + error * (x[a] as number);
      }
    });
    matrix.forEach((line, a) => {
      line[a] = (line[a] as number) + pull;
      line[size] = (line[size] as number) - pull * (weights[a] as number);
    });
    solve(matrix).forEach((step, k) => {
      weights[k] = (weights[k] as number) + step;
    });
  }
  return weights;
}

/** Gauss without pivots: the matrix is positive definite. It carries its right side and is changed. */
function solve(matrix: number[][]): number[] {
  matrix.forEach((pivotRow, pivot) => {
    matrix.forEach((row, i) => {
      if (i === pivot) return;
      const factor = (row[pivot] as number) / (pivotRow[pivot] as number);
      for (let k = pivot; k < row.length; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number);
    });
  });
  return matrix.map((row, i) => (row.at(-1) as number) / (row[i] as number));
}
