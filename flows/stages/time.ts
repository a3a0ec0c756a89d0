import type { Message } from '../message.ts';
import { refusal } from './faults.ts';

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a date of the Gregorian calendar (years from 0). */
function daysOf(year: number, month: number, day: number): number {
  // years begin in March, so that the leap day is the last; 400 more keep all of them positive
  const y = (month <= 2 ? year - 1 : year) + 400;
  const dayOfYear = (((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) | 0) + day - 1;
  return y * 365 + ((y / 4) | 0) - ((y / 100) | 0) + ((y / 400) | 0) + dayOfYear - 719_468 - 146_097;
}

/** Two decimal digits at `i`, or a large number. */
function two(text: string, i: number): number {
  const tens = text.charCodeAt(i) - 48;
  const ones = text.charCodeAt(i + 1) - 48;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? 10_000 : tens * 10 + ones;
}

/** Milliseconds of a fraction that fills the rest of the text up to its Z, or -1. */
function fraction(text: string): number {
  const last = text.length - 1;
  if (text.charCodeAt(last) !== 90) return -1;
  if (last === 19) return 0;
  if (last < 21 || text.charCodeAt(19) !== 46) return -1;
  let ms = 0;
  let weight = 100;
  for (let i = 20; i < last; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >>> 0 > 9) return -1;
    ms += digit * weight;
    weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
  }
  return ms;
}

/**
 * Epoch milliseconds of an ISO 8601 time; NaN for what is none. What messages carry, `YYYY-MM-DDTHH:MM:SS[.f]Z`,
 * takes a path in whole numbers: every message of every stage passes here. Digits below a millisecond
 * are cut off, so that an order of times is never turned round.
 */
export function parseIso(text: string): number {
  if (text.length < 20 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return Date.parse(text);
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const ms = fraction(text);
  // what is left over is for the slow way to judge; the 30th of February is the 2nd of March to both
  if (year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return Date.parse(text);
  if (hour > 23 || minute > 59 || second > 59 || ms < 0) return Date.parse(text);
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return Date.parse(text);
  return daysOf(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

const twoDigits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const firstMs = Date.UTC(1000, 0, 1);
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Year, month and day of a count of days since 1970-01-01, as text (Hinnant, "chrono-compatible low-level date algorithms"). */
function dateText(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const year = ((ofEra - ((ofEra / 1460) | 0) + ((ofEra / 36_524) | 0) - ((ofEra / 146_096) | 0)) / 365) | 0;
  const ofYear = ofEra - (365 * year + ((year / 4) | 0) - ((year / 100) | 0));
  const m = ((5 * ofYear + 2) / 153) | 0;
  const day = ofYear - (((153 * m + 2) / 5) | 0) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  return `${year + era * 400 + (month <= 2 ? 1 : 0)}-${twoDigits[month]}-${twoDigits[day]}`;
}

/** ISO 8601 in UTC, with milliseconds only where there are any. Every event passes here, so it is no `Date`. */
export function toIso(ms: number): string {
  const whole = Math.trunc(ms);
  if (!(whole >= firstMs && whole <= lastMs)) return shortIso(ms);
  const days = Math.floor(whole / dayMs);
  const ofDay = whole - days * dayMs;
  const seconds = (ofDay / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const clock = `${twoDigits[(minutes / 60) | 0]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}`;
  const rest = ofDay - seconds * 1000;
  const fraction = rest === 0 ? '' : `.${(rest / 100) | 0}${twoDigits[rest % 100]}`;
  return `${dateText(days)}T${clock}${fraction}Z`;
}

/** `toIso` for a stage that tells many moments of the same minute: what they begin with is made once. */
export function isoTexts(): (ms: number) => string {
  let lastMinute = Number.NaN;
  let prefix = '';
  return (ms) => {
    const whole = Math.trunc(ms);
    const minute = Math.floor(whole / 60_000);
    if (minute !== lastMinute) {
      const text = toIso(minute * 60_000);
      if (text.length !== 20) return toIso(ms); // of no year of four digits
      lastMinute = minute;
      prefix = text.slice(0, 17);
    }
    const rest = whole - minute * 60_000;
    const thousandths = rest % 1000;
    const seconds = twoDigits[(rest / 1000) | 0];
    if (thousandths === 0) return `${prefix}${seconds}Z`;
    return `${prefix}${`${seconds}.${(thousandths / 100) | 0}${twoDigits[thousandths % 100]}Z`}`;
  };
}

function shortIso(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** The time of the message as it stands: when it was measured, else when the box got it. */
export const timeText = (message: Message): string | undefined => message.time ?? message.received;

/** Event time of the message, epoch ms. Refuses a message without a usable one. */
export function eventTime(message: Message): number {
  const text = timeText(message);
  const ms = text === undefined ? Number.NaN : parseIso(text);
  if (Number.isNaN(ms)) throw refusal('message.time', { time: text ?? 'it has none' });
  return ms;
}

/** `eventTime` for a stage that gets many messages of one second after each other, and reads their text once. */
export function eventTimes(): (message: Message) => number {
  let lastText = '';
  let lastMs = 0;
  return (message) => {
    const text = timeText(message);
    if (text !== undefined && text === lastText) return lastMs;
    lastMs = eventTime(message);
    lastText = text ?? '';
    return lastMs;
  };
}
