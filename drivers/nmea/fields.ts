/** Readers of single fields: undefined for an empty one, NaN for one that is wrong. */

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)$/;

export function number(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** `ddmm.mmmm` and a hemisphere to signed degrees, rounded to a tenth of a millimetre. */
export function angle(
  text: string | undefined,
  hemisphere: string | undefined,
  limit: 90 | 180,
): number | undefined {
  if (!text || !hemisphere) return undefined;
  const match = /^(\d{0,3}?)(\d{1,2}(?:\.\d*)?)$/.exec(text);
  if (!match) return Number.NaN;
  const minutes = Number(match[2]);
  const degrees = Number(match[1]) + minutes / 60;
  if (minutes >= 60 || degrees > limit) return Number.NaN;
  const sign = limit === 90 ? { N: 1, S: -1 }[hemisphere] : { E: 1, W: -1 }[hemisphere];
  return sign === undefined ? Number.NaN : (sign * Math.round(degrees * 1e9)) / 1e9;
}

const dayMs = 86_400_000;

/** `hhmmss.sss` to milliseconds of the day. A leap second (60) counts as the last of its minute. */
export function timeOfDay(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const match = /^(\d\d)(\d\d)(\d\d)(\.\d*)?$/.exec(text);
  if (!match) return Number.NaN;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
  const fraction = match[4] === undefined || match[4] === '.' ? 0 : Number(match[4]);
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
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) return Number.NaN;
  const year = Number(match[3]);
  return date(year + (year < 80 ? 2000 : 1900), Number(match[2]), Number(match[1]));
}
