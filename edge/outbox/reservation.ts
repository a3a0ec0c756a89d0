import { renameSync } from 'node:fs';
import { sha256Hex } from '#flows/trust/canonical';
import { readIfThere, replaceFile } from '../files.ts';

const stride = 10_000;

/** Above all numbers that a box can have given out, when it does not know which: so many ms have passed since 1970, epoch ms. */
const leastGuess = Date.UTC(2026, 0, 1);

/**
 * The highest sequence that may have been given out, in a small file of its own, written ahead in
 * strides: a number is never used twice, even when the database is lost.
 */
export interface Reservation {
  /** Nothing above it was ever given out; 0 for a new box. */
  readonly upto: number;
  /** Numbers were given out, as far as the file tells. */
  readonly given: boolean;
  /** Where the file is now that could not be read; undefined: nothing was wrong with it. */
  readonly damaged: string | undefined;
  /** Returns once the file covers the number. */
  cover(sequence: number): void;
}

export interface ReservationOptions {
  readonly box: string;
  /** There is a database: numbers may have been given out. */
  readonly used: boolean;
  readonly now: () => number;
}

const line = (box: string, upto: number) => {
  const text = `${box} ${upto}`;
  return `${text} ${sha256Hex(text).slice(0, 16)}\n`;
};

/** The number in a file of this box, 0 for one of another: numbers are per box. Undefined: it is damaged. */
function read(text: string, box: string): number | undefined {
  const [owner, number] = text.trimEnd().split(' ');
  const value = Number(number);
  if (owner === undefined || !Number.isSafeInteger(value) || text !== line(owner, value)) return undefined;
  return owner === box ? value : 0;
}

/**
 * A file that is damaged, or gone beside a database, is set aside. The database knows its last number, if it is whole; if
 * it is not, numbers go on far above any that can have been given out.
 */
export function openReservation(file: string, { box, used, now }: ReservationOptions): Reservation {
  const text = readIfThere(file);
  const stored = text === undefined ? (used ? undefined : 0) : read(text, box);
  const aside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(':', '')}`;
  if (stored === undefined && text !== undefined) renameSync(file, aside);
  let upto = stored ?? Math.max(leastGuess, now());
  let guessed = stored === undefined;
  return {
    given: text !== undefined && stored !== 0,
    damaged: text !== undefined && stored === undefined ? aside : undefined,
    get upto() {
      return upto;
    },
    cover(sequence) {
      if (sequence <= upto && !guessed) return;
      const next = Math.ceil((sequence + 1) / stride) * stride;
      replaceFile(file, line(box, next));
      upto = next;
      guessed = false;
    },
  };
}
