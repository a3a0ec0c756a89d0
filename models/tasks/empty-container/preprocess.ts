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

/** What part of which samples makes each pixel of an axis: from `first` on, `counts` weights, `stride` apart; no count: unseen. */
interface Spans {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float32Array;
  readonly stride: number;
}

/** Pixels `index0`, … of an axis with samples [from, to); weights of a pixel sum to 1. */
function spansOf(index0: number, length: number, pixelMm: number, from: number, to: number): Spans {
  const stride = Math.ceil(gridMm / pixelMm) + 1;
  const first = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Float32Array(length * stride);
  for (let i = 0; i < length; i++) {
    const start = ((index0 + i) * gridMm) / pixelMm;
    const end = ((index0 + i + 1) * gridMm) / pixelMm;
    const begin = Math.max(from, Math.floor(start + 1e-9));
    const after = Math.min(to, Math.ceil(end - 1e-9));
    let seen = 0;
    for (let k = begin; k < after; k++) seen += Math.min(k + 1, end) - Math.max(k, start);
    if (seen < leastSeen * (end - start)) continue;
    first[i] = begin;
    counts[i] = after - begin;
    for (let k = begin; k < after; k++)
      weights[i * stride + k - begin] = (Math.min(k + 1, end) - Math.max(k, start)) / seen;
  }
  return { first, counts, weights, stride };
}

/** Weighted sum of one plane over the columns of pixel `x`. */
function sumColumns(strip: Strip, plane: number, spans: Spans, x: number, into: Float32Array): void {
  const { samples, planes, rows, column0 } = strip;
  into.fill(0);
  for (let i = 0; i < (spans.counts[x] as number); i++) {
    const weight = spans.weights[x * spans.stride + i] as number;
    const at = (((spans.first[x] as number) + i - column0) * planes.length + plane) * rows;
    for (let y = 0; y < rows; y++) into[y] = (into[y] as number) + weight * (samples[at + y] as number);
  }
}

/**
 * A window of a scan as the network takes it: planes high and low, rows from the top, columns along the
 * travel, [2, rows, columns]. Values are areal densities as if of iron, g/cm2, of the transmission averaged over
 * each pixel of `gridMm`. `into` comes zeroed, which is air: where the scan has nothing it stays so.
 */
export function fillWindow(strip: Strip, tables: SteelTables, window: Window, into: Float32Array): void {
  const { columns, rows } = window;
  const end = strip.column0 + strip.columns;
  const along = spansOf(window.column0, columns, strip.pixelMm, strip.column0, end);
  const down = spansOf(0, rows, strip.pixelMm, 0, strip.rows);
  const column = new Float32Array(strip.rows);
  for (const [p, name] of (['high', 'low'] as const).entries()) {
    const plane = strip.planes.indexOf(name);
    const table = tables[name];
    for (let x = 0; x < columns; x++) {
      if (along.counts[x] === 0) continue;
      sumColumns(strip, plane, along, x, column);
      for (let y = 0; y < rows; y++) {
        const count = down.counts[y] as number;
        if (count === 0) continue;
        let sum = 0;
        for (let i = 0; i < count; i++)
          sum +=
            (down.weights[y * down.stride + i] as number) * (column[(down.first[y] as number) + i] as number);
        into[(p * rows + y) * columns + x] = table.of(sum / strip.airLevel);
      }
    }
  }
}
