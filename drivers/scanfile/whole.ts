import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { ScanFileFacts } from './facts.ts';

export type Form = 'tiff' | 'raw' | 'dicom' | 'container';

/** One file, from its first byte to its last. */
export interface File {
  readonly form: Form;
  readonly bytes: Uint8Array;
}

/** One plane of samples, row after row from the top, in a row from left to right; 16 bit, unsigned. */
export interface Plane {
  readonly name: string;
  readonly samples: Uint16Array;
}

/** What a file says, before anything is made of it. */
export interface WholeScan {
  readonly form: Form;
  readonly width: number;
  /** Of one slice, where there are slices. */
  readonly height: number;
  /** Bits that a sample can fill. */
  readonly bits: number;
  /** Planes of each slice; a radiograph is one slice. */
  readonly slices: readonly (readonly Plane[])[];
  readonly view?: 'side' | 'top' | 'slice' | 'dr' | 'belt';
  /** What the file says of itself. */
  readonly facts: ScanFileFacts;
  /** Whether it says that higher samples are less transmission. */
  readonly inverted: boolean;
  /** Samples are not transmission but a scale of their own, which `attributes` tells (CT numbers). */
  readonly ownScale: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What else the file says: a declaration. */
  readonly messages: readonly Message[];
}

export type Read = WholeScan | Problem;
export const isProblem = (read: Read): read is Problem => 'code' in read;

/** Bounds that hold before anything is allocated. */
export interface Limits {
  /** Samples of all planes and slices. */
  readonly maxSamples: number;
}
export const maxRows = 16_384;
export const maxColumns = 1_000_000;

/** Why a picture of that shape is refused; undefined: it is not. Columns count over all slices, as they are stored. */
export function tooLarge(
  { width, height, planes, slices }: { width: number; height: number; planes: number; slices: number },
  { maxSamples }: Limits,
): string | undefined {
  const sides = [width, height, planes, slices];
  if (sides.some((side) => !Number.isInteger(side) || side < 1)) return `${sides.join(' x ')} samples`;
  if (height > maxRows || width * slices > maxColumns || width * height * planes * slices > maxSamples)
    return `${width} x ${height} pixels, ${planes} planes, ${slices} slices`;
  return undefined;
}
