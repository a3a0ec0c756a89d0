import { join } from 'node:path';
import sharp from 'sharp';

/** Sample of plane `plane` at (column, row): every one of a small picture is another. */
export const sampleAt = (column: number, row: number, plane = 0): number => 1000 * plane + 100 * row + column;

export interface PictureSize {
  readonly columns: number;
  readonly rows: number;
}

/** Writes pictures of 16-bit samples; `bands` are samples of one pixel, `pages` pictures of one file. */
export async function writePicture(
  folder: string,
  name: string,
  { columns, rows }: PictureSize,
  { bands = 1, pages = 1, bits = 16 } = {},
): Promise<string> {
  const count = columns * rows;
  const samples = Array.from({ length: count * pages * bands }, (_, at) => {
    const [pixel, band] = [Math.floor(at / bands), at % bands];
    const [page, place] = [Math.floor(pixel / count), pixel % count];
    return sampleAt(place % columns, Math.floor(place / columns), page + band);
  });
  const raw = {
    width: columns,
    height: rows * pages,
    channels: bands as 1 | 2,
    ...(pages > 1 && { pageHeight: rows }),
  };
  const file = join(folder, name);
  const image =
    bits === 16
      ? sharp(Uint16Array.from(samples), { raw }).toColourspace('grey16')
      : sharp(Uint8Array.from(samples), { raw }).toColourspace('b-w');
  if (name.endsWith('.tif')) await image.tiff({ compression: 'deflate' }).toFile(file);
  else await image.png().toFile(file);
  return file;
}

export async function writePhotograph(
  folder: string,
  name: string,
  { columns, rows }: PictureSize,
): Promise<string> {
  const file = join(folder, name);
  await sharp({ create: { width: columns, height: rows, channels: 3, background: '#336699' } })
    .jpeg()
    .toFile(file);
  return file;
}
