import type { Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { mark } from './container/header.ts';
import type { File, Form } from './whole.ts';

const startsWith = (bytes: Uint8Array, at: number, sign: Uint8Array): boolean =>
  bytes.length >= at + sign.length && sign.every((byte, i) => bytes[at + i] === byte);

const intel = Buffer.from('II*\0', 'latin1');
const motorola = Buffer.from('MM\0*', 'latin1');
const dicm = Buffer.from('DICM');

/** The form of a file by its first bytes; undefined: none that says so. */
export function formOf(bytes: Uint8Array): Form | undefined {
  if (startsWith(bytes, 0, mark)) return 'container';
  if (startsWith(bytes, 0, intel) || startsWith(bytes, 0, motorola)) return 'tiff';
  return startsWith(bytes, 128, dicm) ? 'dicom' : undefined;
}

export interface FramerOptions {
  /** Absent: told by the first bytes. */
  readonly form?: Form;
  /** Whether a file that says nothing is raw samples. */
  readonly raw: boolean;
  readonly maxBytes: number;
}

/** A file, whole at its end. */
export function fileFramer({ form, raw, maxBytes }: FramerOptions): Framer<File> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let told = false;
  return {
    push(bytes) {
      length += bytes.length;
      if (length <= maxBytes) pieces.push(bytes.slice());
      else if (!told) {
        told = true;
        const sample = pieces[0]?.slice(0, 64) ?? new Uint8Array();
        pieces = [];
        return [{ problem: faults.problem('scanfile.toolong', { limit: maxBytes }), bytes: sample }];
      }
      return [];
    },
    end() {
      if (told || length === 0) return [];
      const bytes = new Uint8Array(Buffer.concat(pieces));
      pieces = [];
      const found = form ?? formOf(bytes) ?? (raw ? 'raw' : undefined);
      if (found !== undefined) return [{ frame: { form: found, bytes } }];
      return [
        { problem: faults.problem('scanfile.noise', { bytes: bytes.length }), bytes: bytes.slice(0, 64) },
      ];
    },
  };
}
