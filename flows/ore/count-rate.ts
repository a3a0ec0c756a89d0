/** How a gross count is watched: background that follows the load, N sigma, k of n. */
export interface CountRateSettings {
  /** Seconds after which a value of the background counts half. */
  readonly halfLifeS: number;
  /** Seconds of background before anything is said. */
  readonly warmUpS: number;
  readonly sigmas: number;
  readonly least: number;
  readonly outOf: number;
  /** Share by which the background is lower under a full load than on an empty belt: the ore shields it. */
  readonly shielding: number;
}

export const usualCountRate: CountRateSettings = {
  halfLifeS: 600,
  warmUpS: 60,
  sigmas: 5,
  least: 3,
  outOf: 5,
  shielding: 0,
};

export interface CountRateState {
  /** Counts a second of the unshielded background, and seconds that it rests on. */
  readonly background: number;
  readonly seconds: number;
  /** Whether each of the last measurements was above, the newest last. */
  readonly recent: readonly boolean[];
}

export const freshCountRate: CountRateState = { background: 0, seconds: 0, recent: [] };

/**
 * One more measurement: counts in seconds, with the belt loaded to `load` (0 empty, 1 full). Its sigmas are of counts beside
 * the background expected behind that load; what is above does not enter the background.
 */
export function countRate(
  state: CountRateState,
  { counts, seconds, load }: { readonly counts: number; readonly seconds: number; readonly load: number },
  settings: CountRateSettings,
): { readonly state: CountRateState; readonly sigmas: number; readonly alarm: boolean } {
  const passed = 1 - settings.shielding * Math.min(1, Math.max(0, load));
  const ready = state.seconds >= settings.warmUpS;
  const expected = state.background * passed * seconds;
  // The background is itself counted.
  const variance = expected + (expected * seconds) / Math.max(seconds, state.seconds);
  const sigmas = ready ? (counts - expected) / Math.sqrt(Math.max(1, variance)) : 0;
  const above = ready && sigmas > settings.sigmas;
  const recent = [...state.recent, above].slice(-settings.outOf);
  const alarm = recent.filter(Boolean).length >= settings.least;
  if (above) return { state: { ...state, recent }, sigmas, alarm };
  const kept = state.seconds * 0.5 ** (seconds / settings.halfLifeS);
  const rate = counts / seconds / passed;
  const background = (state.background * kept + rate * seconds) / (kept + seconds);
  return { state: { background, seconds: kept + seconds, recent }, sigmas, alarm };
}
