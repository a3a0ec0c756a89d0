/** Seconds since 1970 that can be a time: before 2100, and no milliseconds by mistake. */
const latestSeconds = 4_102_444_800;

/** ISO text of epoch milliseconds; undefined for what can be no time: a year of five digits has no text of four. */
export const momentText = (ms: number): string | undefined =>
  ms > 0 && ms < latestSeconds * 1000 ? new Date(ms).toISOString() : undefined;

export type SecondsText = (seconds: number) => string | undefined;

/** ISO text of epoch seconds; the last one is remembered, since a fleet reports in the same second. */
export function secondsText(): SecondsText {
  let last = Number.NaN;
  let text = '';
  return (seconds) => {
    if (seconds === last) return text;
    if (!(seconds > 0 && seconds < latestSeconds)) return undefined;
    last = seconds;
    text = new Date(seconds * 1000).toISOString();
    return text;
  };
}
