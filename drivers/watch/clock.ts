/**
 * A device's clock beside the box's. What comes late (a blind area, a slow link) makes a clock look behind, so
 * that only the least delay of a stretch counts; ahead is ahead at once, for nothing comes before it was measured.
 */
export interface ClockWatch {
  /** Least of received minus time, ms, in the stretch that runs, and in the one before it. */
  leastMs: number;
  beforeMs: number;
  sinceMs: number;
  count: number;
}

/** A stretch, ms: what was kept in a blind area is through by then, and what follows is live. */
const stretchMs = 60_000;
const fewest = 3;

export const newClockWatch = (nowMs: number): ClockWatch => ({
  leastMs: Number.POSITIVE_INFINITY,
  beforeMs: Number.POSITIVE_INFINITY,
  sinceMs: nowMs,
  count: 0,
});

/**
 * How far the device's clock is off, ms, ahead positive, as far as it shows by now; undefined: not yet.
 * `delayMs` is received minus time; `nowMs` the box's monotonic clock.
 */
export function clockOffset(watch: ClockWatch, delayMs: number, nowMs: number): number | undefined {
  if (watch.count >= fewest && nowMs - watch.sinceMs >= stretchMs) {
    watch.beforeMs = watch.leastMs;
    watch.leastMs = Number.POSITIVE_INFINITY;
    watch.sinceMs = nowMs;
    watch.count = 0;
  }
  watch.count++;
  watch.leastMs = Math.min(watch.leastMs, delayMs);
  if (delayMs < 0) return -delayMs;
  const least = Math.min(watch.leastMs, watch.beforeMs);
  if (watch.beforeMs === Number.POSITIVE_INFINITY && !settled(watch, nowMs)) return undefined;
  return -least;
}

/** Half a stretch is enough for the first word: a device that was late only has said something live by then. */
const settled = ({ count, sinceMs }: ClockWatch, nowMs: number): boolean =>
  count >= fewest && nowMs - sinceMs >= stretchMs / 2;
