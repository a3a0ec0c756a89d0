/** Readers of single fields: undefined for an empty one, NaN for one that is wrong. */

/** Whether all characters from `from` to `to` are digits. */
function digits(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)$/;

export function number(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const dot = text.indexOf('.');
  // Nearly all of them: digits, and digits behind a point.
  if (dot < 0 ? digits(text, 0, text.length) : dot > 0 && digits(text, 0, dot) && digits(text, dot + 1, text.length))
    return Number(text);
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** `ddmm.mmmm` and a hemisphere to signed degrees, rounded to a tenth of a millimetre. */
export function angle(
  text: string | undefined,
  hemisphere: string | undefined,
  limit: 90 | 180,
): number | undefined {
  if (!text || !hemisphere) return undefined;
  const dot = text.indexOf('.');
  const whole = dot < 0 ? text.length : dot;
  if (whole < 1 || whole > 5 || !digits(text, 0, whole)) return Number.NaN;
  if (dot >= 0 && !digits(text, dot + 1, text.length)) return Number.NaN;
  const minutesAt = Math.max(0, whole - 2);
  const minutes = Number(text.slice(minutesAt));
  const degrees = (minutesAt === 0 ? 0 : Number(text.slice(0, minutesAt))) + minutes / 60;
  if (minutes >= 60 || degrees > limit) return Number.NaN;
  const positive = limit === 90 ? 'N' : 'E';
  if (hemisphere !== positive && hemisphere !== (limit === 90 ? 'S' : 'W')) return Number.NaN;
  const rounded = Math.round(degrees * 1e9) / 1e9;
  return hemisphere === positive ? rounded : -rounded;
}

const dayMs = 86_400_000;

/** Two digits at `at`, which are digits. */
const two = (text: string, at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;

/** `hhmmss.sss` to milliseconds of the day. A leap second (60) counts as the last of its minute. */
export function timeOfDay(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (text.length < 6 || !digits(text, 0, 6)) return Number.NaN;
  if (text.length > 6 && (text[6] !== '.' || !digits(text, 7, text.length))) return Number.NaN;
  const [hours, minutes, seconds] = [two(text, 0), two(text, 2), two(text, 4)];
  if (hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
  const fraction = text.length > 7 ? Number(text.slice(6)) : 0;
  const ms = Math.round(((hours * 60 + minutes) * 60 + Math.min(seconds, 59) + fraction) * 1000);
  return Math.min(ms, dayMs - 1);
}

/** Midnight UTC of a date, epoch ms; NaN for a date that there is not. */
export function date(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? ms : Number.NaN;
}

/** `ddmmyy`. Two digits of a year mean 1980 (when GPS began) to 2079. */
export function shortDate(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (text.length !== 6 || !digits(text, 0, 6)) return Number.NaN;
  const year = two(text, 4);
  return date(year + (year < 80 ? 2000 : 1900), two(text, 2), two(text, 0));
}
