const pad = (n: number, width = 2) => String(n).padStart(width, '0');

/** `14:03:22` in UTC; with `tenths`, `14:03:22.4`. */
export function utcTime(ms: number, tenths = false): string {
  const d = new Date(ms);
  const base = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
  return tenths ? `${base}.${Math.floor(d.getUTCMilliseconds() / 100)}` : base;
}

/** `2026-03-01` in UTC. */
export function utcDate(ms: number): string {
  const d = new Date(ms);
  return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
}

/** `2026-03-01 14:03:22 UTC`. */
export const utcMoment = (ms: number): string => `${utcDate(ms)} ${utcTime(ms)} UTC`;

/** The time alone on the day of `now`, else with its day: what a list shows. */
export const listTime = (ms: number, now: number, tenths = true): string =>
  utcDate(ms) === utcDate(now) ? utcTime(ms, tenths) : `${utcDate(ms).slice(5)} ${utcTime(ms)}`;

/** `22:03:22` on this machine's own clock, and the name of its zone. */
export function localTime(ms: number): { time: string; zone: string } {
  const d = new Date(ms);
  const zone =
    new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
      .formatToParts(d)
      .find((part) => part.type === 'timeZoneName')?.value ?? 'local';
  return { time: `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`, zone };
}

/** A length of time with its two largest units: `4 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min ${pad(s % 60)} s`;
  const h = Math.floor(min / 60);
  if (h < 24) return `${h} h ${pad(min % 60)} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

/** A length of time with one unit, for narrow places: `4 s`, `3 min`, `2 h`, `3 d`. */
export function shortDuration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** How long before `now`; a moment after it says so, since clocks differ. */
export function age(ms: number, now: number): string {
  if (ms > now + 1000) return `${shortDuration(ms - now)} ahead`;
  return `${shortDuration(now - ms)} ago`;
}
