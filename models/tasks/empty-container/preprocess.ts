import { airLevel, type Pixels } from '#flows/scan';
import type { SteelTables } from './steel.ts';
import { gridMm, tileColumns, tileRows, tileStart } from './tiles.ts';

/** Share of a pixel's width that must have been seen, else it counts as air. */
const leastSeen = 0.5;

/** What part of which samples makes a pixel: first sample, and the weight of each from there on. */
interface Span {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Span of pixel `index` along an axis with samples [from, to) of `pixelMm`; weights sum to 1; undefined: unseen. */
function spanOf(index: number, pixelMm: number, from: number, to: number): Span | undefined {
  const start = (index * gridMm) / pixelMm;
  const end = ((index + 1) * gridMm) / pixelMm;
  const first = Math.max(from, Math.floor(start + 1e-9));
  const last = Math.min(to, Math.ceil(end - 1e-9));
  const weights: number[] = [];
  for (let i = first; i < last; i++) weights.push(Math.min(i + 1, end) - Math.max(i, start));
  const seen = weights.reduce((sum, weight) => sum + weight, 0);
  if (seen < leastSeen * (end - start)) return undefined;
  return { first, weights: weights.map((weight) => weight / seen) };
}

/** Weighted sum of a plane's columns. */
function sumColumns(pixels: Pixels, plane: number, span: Span, into: Float32Array): void {
  into.fill(0);
  const { samples, planes, rows, column0 } = pixels;
  span.weights.forEach((weight, i) => {
    const at = ((span.first + i - column0) * planes.length + plane) * rows;
    for (let y = 0; y < rows; y++) into[y] = (into[y] as number) + weight * (samples[at + y] as number);
  });
}

/**
 * Tile `tile` of a scan as the network takes it: planes high and low, rows from the top, columns along the
 * travel, as Float32Array of [2, tileRows, tileColumns]. Values are areal densities as if of iron, g/cm2, of the
 * transmission averaged over each pixel of `gridMm`; air (0) where the scan has nothing. `pixels` must hold
 * the columns that `columnsOf` names, as far as the scan has them.
 */
export function tileTensor(
  pixels: Pixels,
  pixelMm: number,
  tables: SteelTables,
  tile: number,
  air = airLevel,
): Float32Array {
  const area = tileRows * tileColumns;
  const tensor = new Float32Array(2 * area);
  const rowSpans = Array.from({ length: tileRows }, (_, row) => spanOf(row, pixelMm, 0, pixels.rows));
  const column = new Float32Array(pixels.rows);
  const planes = [
    [pixels.planes.indexOf('high'), tables.high],
    [pixels.planes.indexOf('low'), tables.low],
  ] as const;
  for (let x = 0; x < tileColumns; x++) {
    const span = spanOf(tileStart(tile) + x, pixelMm, pixels.column0, pixels.column0 + pixels.columns);
    if (!span) continue;
    planes.forEach(([plane, table], p) => {
      sumColumns(pixels, plane, span, column);
      for (let y = 0; y < tileRows; y++) {
        const rows = rowSpans[y];
        if (!rows) continue;
        let sum = 0;
        for (let i = 0; i < rows.weights.length; i++)
          sum += (rows.weights[i] as number) * (column[rows.first + i] as number);
        tensor[p * area + y * tileColumns + x] = table.of(sum / air);
      }
    });
  }
  return tensor;
}
