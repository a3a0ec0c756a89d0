/**
 * How p-values of single windows are told, so that tests over a whole lot keep their rate of false alarms. Windows of a lot have their instrument and their ore in common: a
 * p-value that is right over all windows says too little of the strangest of one lot's thousand. Pairs of surprises (minus the logarithm of p), rising: what windows give, and what is told for it.
 */
export interface LotScale {
  readonly given: readonly number[];
  readonly told: readonly number[];
  /** Whole clean lots that it rests on. */
  readonly lots: number;
}

export const noScale: LotScale = { given: [], told: [], lots: 0 };

/** No p-value is told as smaller. */
const leastP = 1e-9;

/** A window's p-value as the lot's tests may take it: never smaller than it was; straight between the pairs, and as steep as between the last two behind them. */
export function toldP({ given, told }: LotScale, p: number): number {
  const surprise = -Math.log(Math.max(p, Number.MIN_VALUE));
  let [x0, y0] = [0, 0];
  let slope = 1;
  for (let i = 0; i < given.length; i++) {
    const [x, y] = [given[i] as number, told[i] as number];
    slope = (y - y0) / (x - x0);
    if (surprise <= x) break;
    [x0, y0] = [x, y];
  }
  return Math.min(1, Math.max(leastP, Math.exp(-(y0 + slope * (surprise - x0)))));
}
