import type { Message } from '../message.ts';
import { refusal } from './faults.ts';

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a date of the Gregorian calendar (years from 0). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Two decimal digits at `i`, or NaN. */
function two(text: string, i: number): number {
  const tens = text.charCodeAt(i) - 48;
  const ones = text.charCodeAt(i + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Milliseconds of a fraction that fills the rest of the text up to its Z, or NaN. */
function fraction(text: string): number {
  if (text.length === 20) return text.charCodeAt(19) === 90 ? 0 : Number.NaN;
  if (text.charCodeAt(19) !== 46 || text.charCodeAt(text.length - 1) !== 90) return Number.NaN;
  let ms = 0;
  let weight = 100;
  for (let i = 20; i < text.length - 1; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    if (weight >= 1) ms += digit * weight;
    weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
  }
  return text.length > 21 ? ms : Number.NaN;
}

/**
 * Epoch milliseconds of an ISO 8601 time; NaN for what is none. What messages carry, `YYYY-MM-DDTHH:MM:SS[.f]Z`,
 * takes a path without allocations: every message of every stage passes here. Digits below a
 * millisecond are cut off, so that an order of times is never turned round.
 */
export function parseIso(text: string): number {
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const ms = text.length >= 20 ? fraction(text) : Number.NaN;
  const plain = month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour < 24 && minute < 60 && second < 60;
  const separated = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(10) === 84;
  const colons = text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
  const year = two(text, 0) * 100 + two(text, 2);
  if (!(plain && separated && colons && ms >= 0 && year >= 0)) return Date.parse(text);
  return daysOf(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/** ISO 8601 in UTC, with milliseconds only where there are any. */
export function toIso(ms: number): string {
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
