import { type Static, Type } from 'typebox';
import type { FrameHandle, MessageOf } from './message.ts';

/**
 * Scans as drivers, stages and models share them: what a scanner says of a strip, and pixels by handle.
 * A scan is one pass of one object through one scanner. Its columns follow the object's travel, its rows
 * the detectors from the top down.
 */

/** Sample of a calibrated transmission frame that stands for 1.0 (air); the rest up to 65,535 is room for noise. */
export const airLevel = 60_000;

const count = (description: string) => Type.Integer({ description, minimum: 0 });

export const ScanEnd = Type.Enum(['complete', 'cut', 'silent', 'limit'], {
  description:
    'On the last strip: the scanner said the end, the wire was cut, it fell silent, or the scan grew too long.',
});
export type ScanEnd = Static<typeof ScanEnd>;

/** `attributes.scan` of every frame of a scan: what is needed to judge it, on its own. */
export const ScanAttributes = Type.Object({
  scanner: Type.String({
    description: 'Identity of the scanner, hexadecimal as on the wire or as configured.',
  }),
  energiesMv: Type.Array(Type.Number(), {
    description: 'Accelerating voltages of the planes, MV, in order of the planes.',
  }),
  pixelMm: Type.Number({
    description: 'Side of a square pixel in the object plane, mm; 0 where nobody knows.',
  }),
  airLevel: Type.Number({ description: 'Sample that stands for full transmission.' }),
  started: Type.String({ description: 'When the first line of the scan was measured, ISO 8601.' }),
  first: Type.Boolean({ description: 'This is the first strip of its scan.' }),
  last: Type.Boolean({ description: 'This is the last strip of its scan.' }),
  end: Type.Optional(ScanEnd),
  calibration: Type.Enum(['good', 'stale', 'missing'], {
    description: 'Whether dark and air were measured, and recently enough.',
  }),
  lines: Type.Object(
    {
      received: count('Lines that came, both energies.'),
      lost: count('Lines that never came: filled in.'),
      doubled: count('Lines that came twice: left out.'),
      damaged: count('Lines with a wrong check sum: left out.'),
    },
    { description: 'Counts since the start of the scan.' },
  ),
  badPixels: count('Detector elements that were interpolated.'),
  saturated: Type.Number({ description: 'Share of samples of this strip at the detector limit, 0..1.' }),
  speedMps: Type.Number({ description: 'Speed of the object over this strip, m/s.' }),
  reversed: Type.Optional(
    Type.Boolean({ description: 'The object stopped or went back within this strip.' }),
  ),
});
export type ScanAttributes = Static<typeof ScanAttributes>;

export type FrameMessage = MessageOf<'frame'>;

/** `attributes.scan` of a frame, or undefined for a frame of no scanner. */
export const scanOf = (frame: FrameMessage): ScanAttributes | undefined =>
  frame.attributes['scan'] as ScanAttributes | undefined;

/** Where a finding lies in its scan, pixels of the scan: columns along the travel, rows from the top. */
export interface ScanRegion {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Samples, 16 bit: column after column, in a column plane after plane, in a plane from the top row down;
 * sample (column x, plane p, row y) stands at `((x * planes + p) * rows) + y`. Live they lie in shared
 * memory: never written by a reader, never copied between stages.
 */
export interface Pixels {
  readonly samples: Uint16Array;
  readonly columns: number;
  readonly rows: number;
  readonly planes: readonly string[];
  /** Number of the first column in its scan. */
  readonly column0: number;
}

/** Pixels by handle. */
export interface FrameSource {
  /**
   * The frame's pixels with up to `before` columns of its scan in front of them. Rejects with a Fault
   * (`frame.missing`, `frame.damaged`) when they are gone or their hash is wrong.
   */
  read(frame: FrameMessage, before?: number): Promise<Pixels>;
  /**
   * A camera's picture as it is held: rows from the top, the planes of a pixel side by side, 8 bits; no copy, so good until
   * something is awaited. Undefined for what is no such picture; throws `picture.missing` when it is gone.
   */
  picture?(frame: FrameMessage): Uint8Array | undefined;
}

/** One scan being written, by the driver that calibrates it. */
export interface ScanWriter {
  /** Appends whole columns, laid out as in `Pixels`; they are in the file when it returns. */
  append(samples: Uint16Array): Static<typeof FrameHandle>;
  /** No more columns will come. `facts` go into the event that says so. */
  close(end: ScanEnd, facts: ScanFacts): void;
}

/** What is known of a scan when it ends. */
export interface ScanFacts extends Pick<ScanAttributes, 'lines' | 'calibration' | 'badPixels'> {
  /** When the last line was measured, ISO 8601. */
  readonly ended: string;
}

/** Where drivers put scans and stages read them. */
export interface ScanStore extends FrameSource {
  open(scan: {
    /** Identity, unique on the box. */
    readonly id: string;
    readonly device: string;
    readonly rows: number;
    readonly planes: readonly string[];
    readonly attributes: Pick<ScanAttributes, 'scanner' | 'energiesMv' | 'pixelMm' | 'airLevel' | 'started'>;
  }): ScanWriter;
}

/** One line as a scanner says it, one energy: what the wire record of the `linescan` driver carries. */
export interface RawLine {
  readonly energy: 'high' | 'low';
  /** Beam off; beam on and nothing between; an object's line. */
  readonly beam: 'dark' | 'air' | 'object';
  /** Last line of its scan. */
  readonly end: boolean;
  /** Counts up over both energies of a scan. */
  readonly line: number;
  /** Time of the pulse, ns since 1970. */
  readonly timeNs: bigint;
  /** Position of the object along its travel, micrometres, from an arbitrary zero. */
  readonly encoderUm: number;
  readonly speedMps: number;
  /** Sum of the reference detector, ADU. */
  readonly doseRef: number;
  /** ADU, one a detector element, from the top down. */
  readonly samples: Uint16Array;
}
