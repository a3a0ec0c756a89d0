import { sha256Hex } from '#flows/trust/canonical';
import { faults } from '../faults.ts';
import { readIfThere, replaceFile } from '../files.ts';

const stride = 10_000;

/**
 * The highest sequence that may have been given out, in a small file of its own, written ahead in
 * strides: a number is never used twice, even when the database is lost.
 */
export interface Reservation {
  /** Nothing above it was ever given out; 0 for a new box. */
  readonly upto: number;
  /** Returns once the file covers the number. */
  cover(sequence: number): void;
}

const line = (box: string, upto: number) => {
  const text = `${box} ${upto}`;
  return `${text} ${sha256Hex(text).slice(0, 16)}\n`;
};

/**
 * A file of another box counts as none: numbers are per box. Throws `sequence.unreadable` for a
 * file that is damaged: guessing could give a number twice.
 */
export function openReservation(file: string, box: string): Reservation {
  const text = readIfThere(file);
  let upto = 0;
  if (text !== undefined) {
    const [owner, number] = text.trimEnd().split(' ');
    const value = Number(number);
    if (owner === undefined || !Number.isSafeInteger(value) || text !== line(owner, value)) {
      throw faults.fault('sequence.unreadable', { file });
    }
    if (owner === box) upto = value;
  }
  return {
    get upto() {
      return upto;
    },
    cover(sequence) {
      if (sequence <= upto) return;
      const next = Math.ceil((sequence + 1) / stride) * stride;
      replaceFile(file, line(box, next));
      upto = next;
    },
  };
}
