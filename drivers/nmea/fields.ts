import { date, decimal, isDigit, latin1, point, unsigned } from './digits.ts';

const dayMs = 86_400_000;
const north = 0x4e;
const south = 0x53;
const east = 0x45;
const west = 0x57;

/**
 * A sentence, its fields read in the bytes where they stand: a receiver says a dozen sentences a second, each of
 * fifteen fields, and a text for each of them would be most of the work. Values are undefined for a field that is
 * empty or not there, and NaN for one that is wrong.
 */
export class Sentence {
  /** What the line brought, this sentence among it. */
  readonly bytes: Uint8Array;
  /** Where its `$` or `!` stands, and where its line ends. */
  readonly start: number;
  readonly end: number;
  /** Where each field ends: at a comma, the last at the asterisk, or at the end where there is none. */
  readonly ends: readonly number[];
  /** Where the asterisk stands, -1 for nowhere. */
  readonly star: number;
  /** XOR of all bytes between the start character and the asterisk. */
  readonly sum: number;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    ends: readonly number[],
    star: number,
    sum: number,
  ) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.ends = ends;
    this.star = star;
    this.sum = sum;
  }

  /** As it stood on the line, without the line break. */
  get text(): string {
    return latin1(this.bytes, this.start, this.end);
  }

  get count(): number {
    return this.ends.length;
  }

  /** The first field begins behind the start character, the others behind a comma. */
  #from(field: number): number {
    return (field === 0 ? this.start : (this.ends[field - 1] as number)) + 1;
  }

  isEmpty(field: number): boolean {
    return field >= this.ends.length || this.ends[field] === this.#from(field);
  }

  /** Empty for a field that is not there. */
  said(field: number): string {
    if (this.isEmpty(field)) return '';
    const from = this.#from(field);
    const to = this.ends[field] as number;
    // Most are one letter, of which there is one text each.
    return to === from + 1 ? String.fromCharCode(this.bytes[from] as number) : latin1(this.bytes, from, to);
  }

  number(field: number): number | undefined {
    return this.isEmpty(field)
      ? undefined
      : decimal(this.bytes, this.#from(field), this.ends[field] as number);
  }

  /** `ddmm.mmmm`, and a hemisphere in the field behind it, as signed degrees, rounded to a tenth of a millimetre. */
  angle(field: number, limit: 90 | 180): number | undefined {
    if (this.isEmpty(field) || this.isEmpty(field + 1)) return undefined;
    const positive = this.#hemisphere(field + 1, limit);
    const from = this.#from(field);
    const to = this.ends[field] as number;
    let at = from;
    let whole = 0;
    for (; at < to; at++) {
      const code = this.bytes[at] as number;
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
    if (this.bytes[at] !== point) return Number.NaN;
    return at + 1 === to ? 0 : unsigned(this.bytes, at, to);
  }

  #hemisphere(field: number, limit: 90 | 180): boolean | undefined {
    const from = this.#from(field);
    if ((this.ends[field] as number) !== from + 1) return undefined;
    const letter = this.bytes[from];
    if (letter === (limit === 90 ? north : east)) return true;
    return letter === (limit === 90 ? south : west) ? false : undefined;
  }

  /** `hhmmss.sss` to milliseconds of the day. A leap second (60) counts as the last of its minute. */
  timeOfDay(field: number): number | undefined {
    if (this.isEmpty(field)) return undefined;
    const from = this.#from(field);
    const to = this.ends[field] as number;
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
    const to = this.ends[field] as number;
    const year = this.#two(from + 4, to);
    if (to !== from + 6 || Number.isNaN(year)) return Number.NaN;
    return date(year + (year < 80 ? 2000 : 1900), this.#two(from + 2, to), this.#two(from, to));
  }

  /** Two digits; NaN for others. */
  #two(at: number, to: number): number {
    const high = this.bytes[at] as number;
    const low = this.bytes[at + 1] as number;
    return at + 2 <= to && isDigit(high) && isDigit(low) ? high * 10 + low - 528 : Number.NaN;
  }
}
