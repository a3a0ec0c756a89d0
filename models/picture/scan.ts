import { type FrameMessage, type FrameSource, type Pixels, type ScanAttributes, scanOf } from '#flows/scan';
import { sha256Hex } from '#flows/trust/canonical';
import { faults } from '../faults.ts';
import type { PictureFacts } from './read.ts';

/** What a person says of a picture that the picture cannot say itself. */
export interface Calibration {
  /** Identity of the scanner, as bundles name those that they may judge. */
  readonly scanner?: string | undefined;
  /** Side of a pixel in the object plane, mm. */
  readonly pixelMm?: number | undefined;
  /** Accelerating voltages of the planes, MV. */
  readonly energiesMv?: readonly number[] | undefined;
  /** Sample that stands for full transmission (air), in samples of the picture. */
  readonly airLevel?: number | undefined;
}

/** Columns of a strip: as scanners give them, so that a picture is judged as a scan is. */
const stripColumns = 32;
const planeNames = ['high', 'low'];

/** Why a picture cannot be judged as a calibrated scan; empty when it can. */
export function missing({ planes, bits }: PictureFacts, said: Calibration): string[] {
  const { pixelMm, energiesMv, airLevel } = said;
  const most = bits === 16 ? 65_535 : 255;
  return [
    ...(airLevel === undefined
      ? ['calibration missing: the sample that stands for air is not known (--air-level)']
      : []),
    ...(airLevel !== undefined && airLevel > most
      ? [`air level ${airLevel} is above what ${bits} bits hold`]
      : []),
    ...(energiesMv === undefined ? ['energies missing: the beam is not known (--energies)'] : []),
    ...(energiesMv !== undefined && energiesMv.length !== planes
      ? [`${energiesMv.length} energies were given for ${planes} ${planes === 1 ? 'plane' : 'planes'}`]
      : []),
    ...(pixelMm === undefined ? ['pixel size missing (--pixel-mm)'] : []),
    ...(planes === 1 ? ['one plane: it is no dual-energy scan'] : []),
    ...(planes > planeNames.length ? [`${planes} planes: a dual-energy scan has 2`] : []),
  ];
}

export interface PictureScan {
  readonly frames: readonly FrameMessage[];
  readonly source: FrameSource;
}

/** Columns next to each other, in a column plane by plane, from the top: how scans are laid out (flows/scan.ts). */
function toColumns(planes: readonly Uint16Array[], columns: number, rows: number): Uint16Array {
  const length = planes.length * columns * rows;
  const samples = new Uint16Array(new SharedArrayBuffer(length * 2));
  for (const [place, plane] of planes.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        samples[(column * planes.length + place) * rows + row] = plane[row * columns + column] ?? 0;
      }
    }
  }
  return samples;
}

/** A picture as the strips of one scan, travel from left to right. What is said of it must be complete. */
export function pictureScan(
  name: string,
  facts: PictureFacts,
  pixels: readonly Uint16Array[],
  said: Calibration,
): PictureScan {
  const { columns, rows, bits } = facts;
  const planes = planeNames.slice(0, pixels.length);
  const samples = toColumns(pixels, columns, rows);
  const stride = rows * planes.length;
  const started = new Date(0).toISOString();
  const strips = Array.from({ length: Math.ceil(columns / stripColumns) }, (_, at): FrameMessage => {
    const line0 = at * stripColumns;
    const width = Math.min(stripColumns, columns - line0);
    const own = samples.subarray(line0 * stride, (line0 + width) * stride);
    const last = line0 + width === columns;
    const scan: ScanAttributes = {
      scanner: said.scanner ?? 'unknown',
      energiesMv: [...(said.energiesMv ?? [])],
      pixelMm: said.pixelMm ?? 0,
      airLevel: (said.airLevel ?? 0) * (bits === 8 ? 257 : 1),
      started,
      first: at === 0,
      last,
      ...(last && { end: 'complete' as const }),
      calibration: 'good',
      lines: { received: (line0 + width) * planes.length, lost: 0, doubled: 0, damaged: 0 },
      badPixels: 0,
      saturated: shareOf(own, 65_535),
      speedMps: 0,
    };
    const data = {
      file: name,
      offset: line0 * stride * 2,
      sha256: sha256Hex(new Uint8Array(own.slice().buffer)),
    };
    return {
      kind: 'frame',
      quality: 'good',
      attributes: { scan },
      view: 'side',
      width,
      height: rows,
      planes,
      bits,
      data,
      scan: name,
      line0,
    };
  });
  return { frames: strips, source: sourceOf(samples, planes, rows) };
}

function shareOf(samples: Uint16Array, value: number): number {
  let found = 0;
  for (const sample of samples) if (sample === value) found++;
  return samples.length === 0 ? 0 : found / samples.length;
}

function sourceOf(samples: Uint16Array, planes: readonly string[], rows: number): FrameSource {
  const stride = rows * planes.length;
  return {
    read(frame, before = 0): Promise<Pixels> {
      const { line0 = 0, width } = frame;
      if (!scanOf(frame) || (line0 + width) * stride > samples.length) {
        return Promise.reject(
          faults.fault('picture.unreadable', { detail: 'the strip is not of this picture' }),
        );
      }
      const column0 = Math.max(0, line0 - before);
      const own = samples.subarray(column0 * stride, (line0 + width) * stride);
      return Promise.resolve({ samples: own, columns: line0 + width - column0, rows, planes, column0 });
    },
  };
}
