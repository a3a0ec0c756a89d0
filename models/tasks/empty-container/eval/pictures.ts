import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { ScanRegion } from '#flows/scan';
import type { SimulatedScan } from '#models/physics/xray/simulate';

/** Pixels of the picture a millimetre, and how much of a scan is shown, from the top. */
const pixelsPerMm = 0.062;
const shownMm = 4800;

const box = ({ column, row, columns, rows }: ScanRegion, zoom: number, colour: string, outwards: number) =>
  `<rect x="${column * zoom - outwards}" y="${row * zoom - outwards}" width="${columns * zoom + 2 * outwards}" height="${rows * zoom + 2 * outwards}" fill="none" stroke="${colour}" stroke-width="2"/>`;

/** Grey levels of the high plane, dark what is thick; on a logarithmic scale to 1 % of air. */
function greys({ samples, columns, rows, attributes }: SimulatedScan): Buffer {
  const grey = Buffer.alloc(columns * rows);
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < rows; y++) {
      const t = Math.max(0.01, (samples[2 * x * rows + y] as number) / attributes.airLevel);
      grey[y * columns + x] = Math.min(255, Math.round(255 * (1 + Math.log(t) / Math.log(100))));
    }
  return grey;
}

/** One scan with what is in it (yellow) and what was found (red, dashed outside it), and a line of words below. */
export async function scanPicture(
  scan: SimulatedScan,
  found: readonly ScanRegion[],
  caption: string,
): Promise<Buffer> {
  const { columns, rows, truth } = scan;
  const zoom = pixelsPerMm * scan.pixelMm;
  const shown = Math.min(rows, Math.round(shownMm / scan.pixelMm));
  const [width, high] = [Math.round(columns * zoom), Math.round(shown * zoom)];
  const boxes = [
    ...truth.loads.map(({ region }) => box(region, zoom, '#f9a825', 4)),
    ...found.map((region) => box(region, zoom, '#d32f2f', 7)),
  ];
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${high + 24}">${boxes.join('')}<rect y="${high}" width="${width}" height="24" fill="#fff"/><text x="4" y="${high + 17}" font-family="DejaVu Sans, sans-serif" font-size="13">${caption}</text></svg>`;
  const grey = await sharp(greys(scan), { raw: { width: columns, height: rows, channels: 1 } })
    .extract({ left: 0, top: 0, width: columns, height: shown })
    .resize(width, high, { fit: 'fill' })
    .extend({ bottom: 24, background: '#fff' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
  return sharp(grey)
    .composite([{ input: Buffer.from(overlay) }])
    .png()
    .toBuffer();
}

/** Pictures below each other, as a small PNG. */
export async function sheet(file: string, pictures: readonly Buffer[]): Promise<void> {
  const sizes = await Promise.all(pictures.map((picture) => sharp(picture).metadata()));
  const width = Math.max(...sizes.map((size) => size.width));
  const tops = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size.height + 8, 0));
  const height = sizes.reduce((sum, size) => sum + size.height + 8, 0);
  const joined = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite(pictures.map((input, i) => ({ input, left: 0, top: tops[i] as number })))
    .png({ palette: true, colours: 64 })
    .toBuffer();
  await writeFile(file, joined);
}

export async function chartPicture(file: string, svg: string): Promise<void> {
  await writeFile(file, await sharp(Buffer.from(svg)).png({ palette: true, colours: 64 }).toBuffer());
}
