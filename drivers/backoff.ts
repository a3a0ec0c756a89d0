export interface BackoffOptions {
  /** First delay, ms. */
  readonly firstMs: number;
  /** Longest delay, ms. */
  readonly capMs: number;
  /** A connection that stayed up this long has proved itself: the next delay is the first again, ms. */
  readonly resetAfterMs: number;
}

export const defaultBackoff: BackoffOptions = { firstMs: 500, capMs: 60_000, resetAfterMs: 30_000 };

/**
 * Delay before the next try: doubled with every failure up to the cap, of which half is random, so that
 * a hundred boxes that lost the same broker do not come back in one moment.
 */
export function backoffMs(options: BackoffOptions, failures: number, random: number): number {
  const full = Math.min(options.capMs, options.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
