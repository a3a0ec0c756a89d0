import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { isoText } from '../moment.ts';

/** More channels than any spectrometer has. */
const maxChannels = 262_144;

/** Numbers between white space, or undefined where one is none. */
export function numbersOf(text: string): number[] | undefined {
  const words = text.split(/[\s,]+/).filter(Boolean);
  const numbers = words.map(Number);
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

/** Counts of all channels; with CountedZeroes a zero is followed by how many there are. */
export function channelsOf(text: string, compression: string): number[] | Problem {
  const numbers = numbersOf(text);
  if (!numbers) return faults.problem('n42.channels', { detail: 'one of them is no number' });
  if (numbers.some((count) => count < 0))
    return faults.problem('n42.channels', { detail: 'one of them is negative' });
  const counted = /^counted\s*zeroe?s$/i.test(compression);
  if (!counted && compression.toLowerCase() !== 'none')
    return faults.problem('n42.channels', { detail: `their compression is ${compression}` });
  if (!counted) return within(numbers);
  const channels: number[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const count = numbers[at] as number;
    if (count !== 0) {
      channels.push(count);
      continue;
    }
    const zeroes = numbers[++at];
    if (zeroes === undefined || !Number.isInteger(zeroes) || zeroes === 0)
      return faults.problem('n42.channels', { detail: 'a zero does not say how many follow' });
    if (channels.length + zeroes > maxChannels) return within({ length: channels.length + zeroes });
    for (let i = 0; i < zeroes; i++) channels.push(0);
  }
  return within(channels);
}

function within(channels: number[]): number[] | Problem;
function within(channels: { readonly length: number }): Problem;
function within(channels: number[] | { readonly length: number }): number[] | Problem {
  if (channels.length === 0) return faults.problem('n42.channels', { detail: 'there are none' });
  if (channels.length > maxChannels || !Array.isArray(channels))
    return faults.problem('n42.channels', { detail: `there are ${channels.length}` });
  return channels;
}

const duration =
  /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of an ISO 8601 duration, or of a plain number; undefined for what is neither. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const plain = Number(text);
  if (Number.isFinite(plain)) return plain >= 0 ? plain : undefined;
  const found = duration.exec(text);
  if (!found || text === 'P' || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1e6) / 1e6;
}

/** UTC of a time that says its zone; undefined of one that does not. */
export function utcOf(text: string | undefined): string | undefined {
  if (text === undefined || !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) return undefined;
  return isoText(Date.parse(text));
}

/** Kilometres an hour. */
const kphPer: Readonly<Record<string, number>> = { mph: 1.609344, 'm/s': 3.6, 'km/h': 1, kph: 1 };

export function kphOf(value: string, unit: string): number | undefined {
  const factor = kphPer[unit.toLowerCase()];
  const speed = Number(value);
  if (factor === undefined || value === '' || !Number.isFinite(speed)) return undefined;
  return Math.round(speed * factor * 1000) / 1000;
}
