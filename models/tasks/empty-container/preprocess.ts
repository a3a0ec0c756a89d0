import type { SteelTables } from './steel.ts';
import { gridMm } from './tiles.ts';

/** Share of a pixel's width that must have been seen, else it counts as air. */
const leastSeen = 0.5;

/** Calibrated samples in the layout of `Pixels` (flows/scan.ts), beginning at column `column0` of their scan. */
export interface Strip {
  readonly samples: Uint16Array;
  readonly columns: number;
  readonly rows: number;
  readonly planes: readonly string[];
  readonly column0: number;
  readonly pixelMm: number;
  readonly airLevel: number;
}

/** Pixels of the network: `rows` from the top of the scan, `columns` from pixel `column0` of it, which may lie before it. */
export interface Window {
  readonly column0: number;
  readonly columns: number;
  readonly rows: number;
}

/** What part of which samples makes a pixel: first sample, and the weight of each from there on. */
interface Span {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Span of pixel `index` along an axis with samples [from, to); weights sum to 1; undefined: unseen. */
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

/** Weighted sum of one plane over a span of columns. */
function sumColumns(
  { samples, planes, rows, column0 }: Strip,
  plane: number,
  span: Span,
  into: Float32Array,
) {
  into.fill(0);
  span.weights.forEach((weight, i) => {
    const at = ((span.first + i - column0) * planes.length + plane) * rows;
    for (let y = 0; y < rows; y++) into[y] = (into[y] as number) + weight * (samples[at + y] as number);
  });
}

function sumRows(column: Float32Array, { first, weights }: Span): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (column[first + i] as number);
  return sum;
}

/**
 * A window of a scan as the network takes it: planes high and low, rows from the top, columns along the
 * travel, [2, rows, columns]. Values are areal densities as if of iron, g/cm2, of the transmission averaged over
 * each pixel of `gridMm`. `into` comes zeroed, which is air: where the scan has nothing it stays so.
 */
export function fillWindow(strip: Strip, tables: SteelTables, window: Window, into: Float32Array): void {
  const area = window.rows * window.columns;
  const end = strip.column0 + strip.columns;
  const rowSpans = Array.from({ length: window.rows }, (_, row) => spanOf(row, strip.pixelMm, 0, strip.rows));
  const column = new Float32Array(strip.rows);
  const planes = [
    { plane: strip.planes.indexOf('high'), table: tables.high },
    { plane: strip.planes.indexOf('low'), table: tables.low },
  ];
  for (let x = 0; x < window.columns; x++) {
    const span = spanOf(window.column0 + x, strip.pixelMm, strip.column0, end);
    if (!span) continue;
    planes.forEach(({ plane, table }, p) => {
      sumColumns(strip, plane, span, column);
      rowSpans.forEach((rows, y) => {
        if (!rows) return;
        into[p * area + y * window.columns + x] = table.of(sumRows(column, rows) / strip.airLevel);
      });
    });
  }
}
