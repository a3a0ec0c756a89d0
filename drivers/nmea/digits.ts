/** Digits that a whole number of double precision holds for sure. */
const maxDigits = 15;
const powers = Array.from({ length: maxDigits + 1 }, (_, i) => 10 ** i);

export const point = 0x2e;
const minus = 0x2d;
const plus = 0x2b;
export const isDigit = (code: number) => code >= 48 && code <= 57;

/** Bytes as text, a character each. */
export const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');

/** Digits with or without a point, by hand: the same number that `Number` makes of them. */
export function unsigned(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > maxDigits) return patient(latin1(bytes, from, to));
  let value = 0;
  let decimals = -1;
  for (let at = from; at < to; at++) {
    const code = bytes[at] as number;
    if (isDigit(code)) {
      value = value * 10 + code - 48;
      if (decimals >= 0) decimals++;
    } else if (code === point && decimals < 0) decimals = 0;
    else return Number.NaN;
  }
  // A point alone is no number, nor is nothing.
  if (to - from === (decimals < 0 ? 0 : 1)) return Number.NaN;
  return decimals > 0 ? value / (powers[decimals] as number) : value;
}

const pattern = /^(\d+\.?\d*|\.\d+)$/;
const patient = (text: string) => (pattern.test(text) ? Number(text) : Number.NaN);

/** With or without a sign, blanks around it; undefined for nothing but blanks, NaN for what is no number. */
export function decimal(bytes: Uint8Array, from: number, to: number): number | undefined {
  const first = bytes[from] as number;
  if (isDigit(first) || first === point) {
    const value = unsigned(bytes, from, to);
    if (!Number.isNaN(value)) return value;
  }
  const trimmed = latin1(bytes, from, to).trim();
  if (trimmed === '') return undefined;
  const sign = trimmed.charCodeAt(0);
  const value = patient(sign === minus || sign === plus ? trimmed.slice(1) : trimmed);
  return sign === minus ? -value : value;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Midnight UTC of a date, epoch ms; NaN for a date that there is not. */
export function date(year: number, month: number, day: number): number {
  const days = month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0);
  return day >= 1 && day <= days ? Date.UTC(year, month - 1, day) : Number.NaN;
}
