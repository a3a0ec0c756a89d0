import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, deflate } from 'node:zlib';
import { mark, type ScanFileIndex, type ScanShape } from './format.ts';
import { predict } from './predict.ts';

const pack = promisify<Uint8Array, object, Buffer>(deflate);

/** Columns of a chunk: a few hundred kilobytes, a millisecond of prediction. */
export const chunkColumns = 32;

/**
 * Writes a scan file from `read`, chunk by chunk; on disk when it resolves. `read` gives whole columns
 * from `column` on, at most `count`, or an empty array at the end.
 */
export async function writeScanFile(
  file: string,
  shape: ScanShape,
  read: (column: number, count: number) => Promise<Uint16Array>,
): Promise<{ readonly bytes: number; readonly sha256: string; readonly columns: number }> {
  const { rows, planes } = shape;
  const stride = rows * planes.length;
  const hash = createHash('sha256');
  const handle = await open(file, 'w', 0o600);
  let bytes = 0;
  const write = async (part: Uint8Array): Promise<void> => {
    hash.update(part);
    bytes += part.length;
    await handle.appendFile(part);
  };
  try {
    await write(mark);
    const sizes: number[] = [];
    let columns = 0;
    for (;;) {
      const samples = await read(columns, chunkColumns);
      if (samples.length === 0) break;
      // Noise has no repetitions: Huffman alone packs as well as searching for them, in a quarter of the time.
      const packed = await pack(predict(samples, rows, stride), { strategy: constants.Z_HUFFMAN_ONLY });
      sizes.push(packed.length);
      columns += samples.length / stride;
      await write(packed);
    }
    const index: ScanFileIndex = {
      scan: shape.scan,
      rows,
      planes: [...planes],
      columns,
      chunkColumns,
      sizes,
    };
    const text = Buffer.from(JSON.stringify(index));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    await write(Buffer.concat([text, length, mark]));
    await handle.datasync();
    return { bytes, sha256: hash.digest('hex'), columns };
  } finally {
    await handle.close();
  }
}
