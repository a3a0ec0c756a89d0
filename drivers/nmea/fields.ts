/** Digits that a whole number of double precision holds for sure. */
const maxDigits = 15;
const powers = Array.from({ length: maxDigits + 1 }, (_, i) => 10 ** i);
const dayMs = 86_400_000;

const point = 0x2e;
const minus = 0x2d;
const plus = 0x2b;
const isDigit = (code: number) => code >= 48 && code <= 57;

/**
 * The fields of a sentence, read where they stand: a receiver says a dozen sentences a second, each of fifteen
 * fields, and a text for each of them would be most of the work. Values are undefined for a field that is empty or
 * not there, and NaN for one that is wrong.
 */
export class Fields {
  readonly #text: string;
  /** Where each field ends. The first begins behind the start character, the others behind a comma. */
  readonly #ends: readonly number[];

  constructor(text: string, ends: readonly number[]) {
    this.#text = text;
    this.#ends = ends;
  }

  get count(): number {
    return this.#ends.length;
  }

  #from(field: number): number {
    return field === 0 ? 1 : (this.#ends[field - 1] as number) + 1;
  }

  /** Where a field ends in the sentence. */
  end(field: number): number {
    return this.#ends[field] ?? -1;
  }

  isEmpty(field: number): boolean {
    return field >= this.#ends.length || this.#ends[field] === this.#from(field);
  }

  /** Empty for a field that is not there. */
  text(field: number): string {
    return this.isEmpty(field) ? '' : this.#text.slice(this.#from(field), this.#ends[field]);
  }

  number(field: number): number | undefined {
    return this.isEmpty(field)
      ? undefined
      : decimal(this.#text, this.#from(field), this.#ends[field] as number);
  }

  /** `ddmm.mmmm`, and a hemisphere in the field behind it, as signed degrees, rounded to a tenth of a millimetre. */
  angle(field: number, limit: 90 | 180): number | undefined {
    if (this.isEmpty(field) || this.isEmpty(field + 1)) return undefined;
    const positive = this.#hemisphere(field + 1, limit);
    const from = this.#from(field);
    const to = this.#ends[field] as number;
    let at = from;
    let whole = 0;
    for (; at < to; at++) {
      const code = this.#text.charCodeAt(at);
      if (!isDigit(code)) break;
      whole = whole * 10 + code - 48;
    }
    if (positive === undefined || at === from || at > from + 5) return Number.NaN;
    const wholeMinutes = whole % 100;
    const minutes = at === to ? wholeMinutes : wholeMinutes + this.#fraction(at, to);
    const degrees = (whole - wholeMinutes) / 100 + minutes / 60;
    if (!(minutes < 60) || degrees > limit) return Number.NaN;
    const rounded = Math.round(degrees * 1e9) / 1e9;
    return positive ? rounded : -rounded;
  }

  /** Behind a point that stands at `at`; NaN where none does. */
  #fraction(at: number, to: number): number {
    if (this.#text.charCodeAt(at) !== point) return Number.NaN;
    return at + 1 === to ? 0 : unsigned(this.#text, at, to);
  }

  #hemisphere(field: number, limit: 90 | 180): boolean | undefined {
    const from = this.#from(field);
    if ((this.#ends[field] as number) !== from + 1) return undefined;
    const letter = this.#text[from];
    if (letter === (limit === 90 ? 'N' : 'E')) return true;
    return letter === (limit === 90 ? 'S' : 'W') ? false : undefined;
  }

  /** `hhmmss.sss` to milliseconds of the day. A leap second (60) counts as the last of its minute. */
  timeOfDay(field: number): number | undefined {
    if (this.isEmpty(field)) return undefined;
    const from = this.#from(field);
    const to = this.#ends[field] as number;
    const hours = this.#two(from, to);
    const minutes = this.#two(from + 2, to);
    const seconds = this.#two(from + 4, to);
    if (!(hours < 24 && minutes < 60 && seconds <= 60)) return Number.NaN;
    const fraction = to > from + 6 ? this.#fraction(from + 6, to) : 0;
    const ms = Math.round(((hours * 60 + minutes) * 60 + Math.min(seconds, 59) + fraction) * 1000);
    return Math.min(ms, dayMs - 1); // NaN stays NaN
  }

  /** `ddmmyy` to midnight, epoch ms. Two digits of a year mean 1980 (when GPS began) to 2079. */
  shortDate(field: number): number | undefined {
    if (this.isEmpty(field)) return undefined;
    const from = this.#from(field);
    const to = this.#ends[field] as number;
    const year = this.#two(from + 4, to);
    if (to !== from + 6 || Number.isNaN(year)) return Number.NaN;
    return date(year + (year < 80 ? 2000 : 1900), this.#two(from + 2, to), this.#two(from, to));
  }

  /** Two digits; NaN for others. */
  #two(at: number, to: number): number {
    const high = this.#text.charCodeAt(at);
    const low = this.#text.charCodeAt(at + 1);
    return at + 2 <= to && isDigit(high) && isDigit(low) ? high * 10 + low - 528 : Number.NaN;
  }
}

/** Digits with or without a point, by hand: the same number that `Number` makes of them. */
function unsigned(text: string, from: number, to: number): number {
  if (to - from > maxDigits) return patient(text.slice(from, to));
  let value = 0;
  let decimals = -1;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
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

function decimal(text: string, from: number, to: number): number | undefined {
  const first = text.charCodeAt(from);
  if (isDigit(first) || first === point) {
    const value = unsigned(text, from, to);
    if (!Number.isNaN(value)) return value;
  }
  const trimmed = text.slice(from, to).trim();
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
