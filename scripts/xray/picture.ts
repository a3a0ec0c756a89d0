import sharp from 'sharp';

interface Rows {
  readonly columns: number;
  readonly rows: number;
}

/** A radiograph as an analyst first sees it: grey by the logarithm of transmission, black at `darkest`. */
export async function radiographPng(
  size: Rows,
  transmission: (column: number, row: number) => number,
  file: string,
  darkest = 1e-3,
): Promise<void> {
  const grey = Buffer.alloc(size.columns * size.rows);
  for (let row = 0; row < size.rows; row++)
    for (let column = 0; column < size.columns; column++) {
      const t = Math.max(darkest, transmission(column, row));
      grey[row * size.columns + column] = Math.max(
        0,
        Math.min(255, 255 * (1 - Math.log(t) / Math.log(darkest))),
      );
    }
  const raw = { width: size.columns, height: size.rows, channels: 1 } as const;
  await sharp(grey, { raw })
    .resize({ width: 1100, withoutEnlargement: true })
    .png({ palette: true, colours: 64 })
    .toFile(file);
}
