import type { SimulatedScan } from '#models/physics/xray/simulate';
import { cellMm, cellRows } from './tiles.ts';

/** Bits of a cell's label; `unsure` is too thin to ask for and too thick to forbid. */
export const cellBits = { load: 1, unsure: 2, container: 4, harmless: 8 } as const;
const { load, unsure, container, harmless } = cellBits;
/** Mean areal density of load, g/cm2, from which on a cell is load, and below which it is nothing. */
const loadFrom = 0.7;
const nothingBelow = 0.1;

/** Labels of a scan by cell, [cellRows, columns]. */
export function labelsOf({ columns, rows, pixelMm, truth }: SimulatedScan, cellColumns: number): Uint8Array {
  const areal = new Float32Array(cellRows * cellColumns);
  const accepted = new Float32Array(cellRows * cellColumns);
  const share = (pixelMm / cellMm) ** 2;
  const cellAt = (pixel: number) => Math.floor(((pixel + 0.5) * pixelMm) / cellMm);
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < rows; y++) {
      const at = x * rows + y;
      if (truth.cargoMask[at] === 0 || cellAt(y) >= cellRows || cellAt(x) >= cellColumns) continue;
      const cell = cellAt(y) * cellColumns + cellAt(x);
      areal[cell] = (areal[cell] as number) + share * (truth.arealGCm2[at] as number);
      if (truth.cargoMask[at] === 2) accepted[cell] = (accepted[cell] as number) + share;
    }
  const { container: room } = truth;
  const [left, right] = [cellAt(room.column), cellAt(room.column + room.columns)];
  const [top, bottom] = [cellAt(room.row), cellAt(room.row + room.rows)];
  return Uint8Array.from(areal, (gCm2, cell) => {
    const row = Math.floor(cell / cellColumns);
    const column = cell % cellColumns;
    const inside = row >= top && row < bottom && column >= left && column < right;
    return (
      (gCm2 >= loadFrom ? load : gCm2 >= nothingBelow ? unsure : 0) +
      (inside ? container : 0) +
      ((accepted[cell] as number) >= 0.3 ? harmless : 0)
    );
  });
}
