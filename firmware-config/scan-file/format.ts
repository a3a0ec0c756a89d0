import { type Static, Type } from 'typebox';

/**
 * A stored scan, one file: the mark, chunks of whole columns (each the transform of predict.ts through
 * zlib, so that any column is near), the index in JSON, its length (u32, little-endian) and the mark again.
 */
export const mark = Buffer.from('QWSCAN01');
export const tailBytes = 4 + mark.length;

const limit = (description: string, minimum: number, maximum: number) =>
  Type.Integer({ description, minimum, maximum });

/** Bounds hold for files of others too: nothing larger is ever unpacked. */
export const ScanFileIndex = Type.Object({
  scan: Type.String({ description: 'Identity of the scan.' }),
  rows: limit('Rows, pixels.', 1, 16_384),
  planes: Type.Array(Type.String(), { description: 'Names of the planes.', minItems: 1, maxItems: 8 }),
  columns: limit('Columns, pixels.', 0, 1_000_000),
  chunkColumns: limit('Columns of a chunk; the last may have fewer.', 1, 256),
  sizes: Type.Array(Type.Integer({ minimum: 1 }), { description: 'Bytes of each chunk, in order.' }),
});
export type ScanFileIndex = Static<typeof ScanFileIndex>;

export type ScanShape = Pick<ScanFileIndex, 'scan' | 'rows' | 'planes'>;

export const samplesOf = (shape: Pick<ScanFileIndex, 'rows' | 'planes'>, columns: number): number =>
  columns * shape.planes.length * shape.rows;
