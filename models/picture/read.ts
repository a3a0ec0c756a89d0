import { open } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { faults } from '../faults.ts';

/** A picture of this many pixels over all its planes is a mistake, or meant to fill the memory. */
const mostPixels = 1_000_000_000;
/** And this is the largest that is held in memory to be judged. */
const mostJudged = 200_000_000;

/** What a file says of itself. */
export interface PictureFacts {
  readonly format: string;
  /** Columns and rows of one plane, pixels. */
  readonly columns: number;
  readonly rows: number;
  readonly bits: 8 | 16;
  /** Pages or samples of a pixel that may be energies; colour counts as one, its grey value. */
  readonly planes: number;
  readonly colour: boolean;
  readonly pages: number;
}

const unreadable = (file: string, detail: string, cause?: unknown) =>
  faults.fault('picture.unreadable', { detail }, file, cause);

const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

async function refuseNoFile(file: string): Promise<void> {
  const handle = await open(file).catch((error: Error) => {
    throw unreadable(file, error.message, error);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unreadable(file, 'it is no file');
    if (found.size === 0) throw unreadable(file, 'it is empty');
  } finally {
    await handle.close();
  }
}

const image = (file: string, pages = 1) =>
  sharp(file, { limitInputPixels: mostPixels, failOn: 'truncated', sequentialRead: true, pages });

/** Reads what the header says. Throws `picture.unreadable`, `picture.large`. */
export async function pictureFacts(file: string): Promise<PictureFacts> {
  await refuseNoFile(file);
  const found: Metadata = await image(file)
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(file, words(error), error);
    });
  const { format, width, height, channels, depth, pages = 1 } = found;
  if (!['png', 'tiff', 'jpeg'].includes(format)) throw unreadable(file, `${format} is not taken`);
  if (depth !== 'uchar' && depth !== 'ushort')
    throw unreadable(file, `samples are ${depth}, not 8 or 16 bit`);
  const colour = channels > 2;
  const planes = pages > 1 ? pages : colour ? 1 : channels;
  if (width * height * planes > mostPixels) {
    throw faults.fault('picture.large', { pixels: width * height * planes, most: mostPixels }, file);
  }
  const bits = depth === 'ushort' ? 16 : 8;
  return { format, columns: width, rows: height, bits, planes, colour, pages };
}

/** Decodes all of it, row by row, and keeps nothing. Throws `picture.unreadable` for one that is cut or damaged. */
export async function decodeThrough(file: string, { pages }: PictureFacts): Promise<void> {
  await image(file, pages)
    .stats()
    .catch((error: unknown) => {
      throw unreadable(file, words(error), error);
    });
}

/**
 * Samples, 16 bit, plane by plane, in a plane row by row. 8-bit samples are spread over 16 bits (by 257). Throws
 * `picture.unreadable`, `picture.large`.
 */
export async function readPlanes(file: string, facts: PictureFacts): Promise<Uint16Array[]> {
  const { columns, rows, bits, planes, colour, pages } = facts;
  const pixels = columns * rows;
  if (pixels * planes > mostJudged) {
    throw faults.fault('picture.large', { pixels: pixels * planes, most: mostJudged }, file);
  }
  let grey = image(file, pages).toColourspace(bits === 16 ? 'grey16' : 'b-w');
  if (pages > 1 || colour) grey = grey.extractChannel(0);
  const { data, info } = await grey
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(file, words(error), error);
    });
  const all = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  if (all.length !== pixels * planes) {
    throw unreadable(
      file,
      `it has ${all.length} samples of ${info.channels} channels and not ${pixels * planes}`,
    );
  }
  const spread = bits === 8 ? 257 : 1;
  const stride = pages > 1 ? 1 : planes;
  return Array.from({ length: planes }, (_, plane) => {
    const start = pages > 1 ? plane * pixels : plane;
    return Uint16Array.from({ length: pixels }, (_, at) => (all[start + at * stride] ?? 0) * spread);
  });
}
