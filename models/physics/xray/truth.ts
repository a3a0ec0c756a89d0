import type { ScanRegion } from '#flows/scan';
import type { BuiltLoad } from './scene/build.ts';
import type { ScanTruth } from './simulated-scan.ts';
import type { LineAreal } from './trace.ts';

/** Less than this is in no mask, g/cm2: half a millimetre of water. */
export const maskFromGCm2 = 0.05;

/** Gathers what is where while a scan is made. */
export class Truth {
  readonly #loads: readonly BuiltLoad[];
  #columns = 0;
  #rows = 0;
  #mask = new Uint8Array(0);
  #areal = new Float32Array(0);
  #seen: { column0: number; column1: number; row0: number; row1: number }[] = [];

  constructor(loads: readonly BuiltLoad[]) {
    this.#loads = loads;
  }

  /** The picture has this size. */
  begin(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.#mask = new Uint8Array(columns * rows);
    this.#areal = new Float32Array(columns * rows);
    this.#seen = this.#loads.map(() => ({ column0: columns, column1: 0, row0: rows, row1: 0 }));
  }

  see(load: number, column: number, row0: number, row1: number): void {
    const seen = this.#seen[load];
    if (!seen) return;
    if (column < seen.column0) seen.column0 = column;
    if (column >= seen.column1) seen.column1 = column + 1;
    if (row0 < seen.row0) seen.row0 = row0;
    if (row1 > seen.row1) seen.row1 = row1;
  }

  add(column: number, line: LineAreal): void {
    const at = column * this.#rows;
    for (let row = 0; row < this.#rows; row++) {
      const load = line.load[row] as number;
      if (load > 0) this.#areal[at + row] = load;
      if (load > maskFromGCm2) this.#mask[at + row] = 1;
      else if ((line.accepted[row] as number) > maskFromGCm2) this.#mask[at + row] = 2;
    }
  }

  finish(container: ScanRegion): ScanTruth {
    const region = (index: number): ScanRegion => {
      const { column0, column1, row0, row1 } = this.#seen[index] ?? {
        column0: 0,
        column1: 0,
        row0: 0,
        row1: 0,
      };
      const [columns, rows] = [Math.max(0, column1 - column0), Math.max(0, row1 - row0)];
      return columns === 0 || rows === 0
        ? { column: 0, row: 0, columns: 0, rows: 0 }
        : { column: column0, row: row0, columns: Math.min(columns, this.#columns), rows };
    };
    return {
      empty: this.#loads.length === 0,
      loads: this.#loads.map((load, index) => ({ ...load, region: region(index) })),
      container,
      cargoMask: this.#mask,
      arealGCm2: this.#areal,
    };
  }
}
