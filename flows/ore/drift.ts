/** A control chart's settings: what the instrument shows when it is well, and how much of a drift is worth an alarm. */
export interface ChartSettings {
  readonly mean: number;
  readonly sigma: number;
  /** Weight of the newest value in the EWMA, 0..1. */
  readonly weight: number;
  /** Limit of the EWMA, in its own standard deviations. */
  readonly ewmaSigmas: number;
  /** Drift that the CUSUM is made for, and its limit, in standard deviations of a value. */
  readonly cusumShift: number;
  readonly cusumLimit: number;
}

/** An average run of some 370 values between false alarms for each (Lucas and Saccucci 1990; Montgomery's tables). */
export const usualChart: Omit<ChartSettings, 'mean' | 'sigma'> = {
  weight: 0.2,
  ewmaSigmas: 2.86,
  cusumShift: 1,
  cusumLimit: 4.77,
};

export interface ChartState {
  readonly count: number;
  /** In standard deviations of a value. */
  readonly ewma: number;
  readonly above: number;
  readonly below: number;
}

export const freshChart: ChartState = { count: 0, ewma: 0, above: 0, below: 0 };

export type ChartAlarm = 'ewma' | 'cusum-high' | 'cusum-low';

/**
 * One more value of a check (white tile, coupon, a line's centre or width): the EWMA sees slow drift, the CUSUM a step that
 * stays. A value that is no number changes nothing.
 */
export function chart(
  state: ChartState,
  value: number,
  settings: ChartSettings,
): { readonly state: ChartState; readonly alarms: readonly ChartAlarm[] } {
  if (!Number.isFinite(value)) return { state, alarms: [] };
  const { mean, sigma, weight, ewmaSigmas, cusumShift, cusumLimit } = settings;
  const z = (value - mean) / sigma;
  const count = state.count + 1;
  const ewma = (1 - weight) * state.ewma + weight * z;
  const above = Math.max(0, state.above + z - cusumShift / 2);
  const below = Math.max(0, state.below - z - cusumShift / 2);
  // The EWMA's own deviation grows from the first value on to what it stays at.
  const deviation = Math.sqrt((weight / (2 - weight)) * (1 - (1 - weight) ** (2 * count)));
  const alarms: ChartAlarm[] = [
    ...(Math.abs(ewma) > ewmaSigmas * deviation ? (['ewma'] as const) : []),
    ...(above > cusumLimit ? (['cusum-high'] as const) : []),
    ...(below > cusumLimit ? (['cusum-low'] as const) : []),
  ];
  return { state: { count, ewma, above, below }, alarms };
}
