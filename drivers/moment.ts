const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Years 0 to 9999, ms: others have no text of four digits. */
const [firstMs, endMs] = [-62_167_219_200_000, 253_402_300_800_000];

/** ISO text of epoch milliseconds; undefined for what is no number, and for years that have not four digits. */
export const isoText = (ms: number): string | undefined =>
  ms >= firstMs && ms < endMs ? new Date(ms).toISOString() : undefined;

/** Epoch milliseconds of a day of the calendar and a time of day; NaN where there is no such day or time. Months count from one. */
export function calendarMs(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
): number {
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isTime = [hour, minute, second].every((part, i) => part >= 0 && part < (i === 0 ? 24 : 60));
  return isDay && isTime ? date.getTime() : Number.NaN;
}

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
