const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The date that brings a time of day closest to now: a box's clock is less than half a day wrong, or it is useless. */
export function nearestTime(timeOfDay: string, nowMs: number): string | undefined {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const same = Date.parse(`${today}T${timeOfDay}Z`);
  if (Number.isNaN(same)) return undefined;
  return new Date(same + Math.round((nowMs - same) / dayMs) * dayMs).toISOString();
}

/**
 * The last moment up to `receivedMs` at which the clock showed this second of a minute. Clocks are a little
 * off: up to ten seconds ahead counts as ahead, and not as nearly a minute behind.
 */
export function momentOfSecond(second: number, receivedMs: number): number {
  const whole = Math.floor(receivedMs / 1000) * 1000;
  const backMs = ((((whole / 1000) % 60) - second + 60) % 60) * 1000;
  return whole - (backMs > 50_000 ? backMs - minuteMs : backMs);
}
