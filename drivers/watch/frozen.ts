import type { Position } from '#flows/message';

/** What a device said last of where it was, and for how long it has said the very same. */
export interface FrozenWatch {
  lon: number;
  lat: number;
  time: string | undefined;
  timeMs: number;
  /** Metres that its own speed would have taken it since it stands. */
  claimedM: number;
  /** The very same fix, its time included: how often, and since when by the monotonic clock, ms. */
  repeats: number;
  sinceMs: number;
}

/** A place to the last digit, though the speed says that it was left so far behind: no receiver is that steady. */
const claimedLimitM = 50;
/** One moment told again and again: more often, and for longer, than a link repeats. */
const repeatLimit = 5;
const repeatLimitMs = 10_000;
/** Longer steps say nothing of how far a speed took it. */
const maxStepMs = 60_000;

export const newFrozenWatch = (): FrozenWatch => ({
  lon: Number.NaN,
  lat: Number.NaN,
  time: undefined,
  timeMs: Number.NaN,
  claimedM: 0,
  repeats: 0,
  sinceMs: 0,
});

/** Whether the device's fix is frozen, after this one. `timeMs`: of the message; `nowMs`: monotonic. */
export function isFrozen(watch: FrozenWatch, position: Position, timeMs: number, nowMs: number): boolean {
  const { lon, lat, time, speedKph = 0 } = position;
  const same = lon === watch.lon && lat === watch.lat;
  if (!same) {
    watch.lon = lon;
    watch.lat = lat;
    watch.claimedM = 0;
  } else {
    const stepMs = timeMs - watch.timeMs;
    if (stepMs > 0) watch.claimedM += (Math.min(stepMs, maxStepMs) / 1000) * (speedKph / 3.6);
    if (speedKph === 0) watch.claimedM = 0;
  }
  if (same && time !== undefined && time === watch.time) watch.repeats++;
  else {
    watch.repeats = 0;
    watch.sinceMs = nowMs;
  }
  watch.time = time;
  watch.timeMs = timeMs;
  return (
    watch.claimedM > claimedLimitM || (watch.repeats >= repeatLimit && nowMs - watch.sinceMs >= repeatLimitMs)
  );
}
