import { airLevel } from '#flows/scan';
import type { SimulatedScan } from '#models/physics/xray/simulate';
import { fillWindow } from '../preprocess.ts';
import { type SteelTables, steelTables } from '../steel.ts';
import { gridMm, tileRows } from '../tiles.ts';

/** Pixels of the network that are left out along the container's edge: posts, rails and floor. */
const edge = 12;
/** Side of the mean that is searched for the greatest, pixels. */
const window = 6;

const median = (values: Float32Array): number => values.sort()[values.length >> 1] ?? 0;

/** Tables by pair of voltages. */
export class Baseline {
  readonly #tables = new Map<string, SteelTables>();

  /**
   * Two scores without learning. `residual`: greatest mean over 60 by 60 mm of areal density above an empty container
   * fitted to the scan, the sum of a profile along and one up (medians). `mass`: mean areal density. Both are told
   * where the container is, which the model has to find.
   */
  scores(scan: SimulatedScan): { readonly residual: number; readonly mass: number } {
    const { pixelMm, truth, attributes } = scan;
    const [high = 0, low = 0] = attributes.energiesMv;
    const key = `${high}/${low}`;
    const tables = this.#tables.get(key) ?? steelTables(high, low);
    this.#tables.set(key, tables);
    const toGrid = (pixels: number) => Math.round((pixels * pixelMm) / gridMm);
    const column0 = toGrid(truth.container.column) + edge;
    const columns = toGrid(truth.container.columns) - 2 * edge;
    const top = toGrid(truth.container.row) + edge;
    const bottom = Math.min(tileRows, toGrid(truth.container.row + truth.container.rows)) - edge;
    const areal = new Float32Array(2 * tileRows * columns);
    fillWindow({ ...scan, column0: 0, airLevel }, tables, { column0, columns, rows: tileRows }, areal);
    const plane = areal.subarray(top * columns, bottom * columns);
    return { residual: greatest(residualOf(plane, columns), columns), mass: mean(plane) };
  }
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What rises above the sum of the medians of its row and its column. */
function residualOf(plane: Float32Array, columns: number): Float32Array {
  const rows = plane.length / columns;
  const along = Float32Array.from({ length: rows }, (_, y) =>
    median(plane.slice(y * columns, (y + 1) * columns)),
  );
  const left = plane.map((value, i) => value - (along[Math.floor(i / columns)] as number));
  const up = Float32Array.from({ length: columns }, (_, x) =>
    median(Float32Array.from({ length: rows }, (_, y) => left[y * columns + x] as number)),
  );
  return left.map((value, i) => value - (up[i % columns] as number));
}

/** Greatest mean over squares of `window` pixels, half of one apart. */
function greatest(plane: Float32Array, columns: number): number {
  const rows = plane.length / columns;
  let most = Number.NEGATIVE_INFINITY;
  for (let y = 0; y + window <= rows; y += window / 2)
    for (let x = 0; x + window <= columns; x += window / 2) {
      let sum = 0;
      for (let dy = 0; dy < window; dy++)
        for (let dx = 0; dx < window; dx++) sum += plane[(y + dy) * columns + x + dx] as number;
      most = Math.max(most, sum / window ** 2);
    }
  return most;
}
