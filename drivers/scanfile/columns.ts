import type { Curve } from './level.ts';
import type { Plane } from './whole.ts';

/** A slice as it is stored: planes in order, each with what becomes of its samples. */
export interface Leveled {
  readonly planes: readonly { readonly plane: Plane; readonly curve: Curve }[];
  /** Columns and rows as they are stored. */
  readonly columns: number;
  readonly rows: number;
  /** The file's rows are our columns. */
  readonly transposed: boolean;
}

/** Columns of a slice as scans are stored: column after column, in it plane after plane, in that from the top down. */
export function columnsOf(slice: Leveled, from: number, count: number): Uint16Array {
  const { planes, columns, rows, transposed } = slice;
  const out = new Uint16Array(count * planes.length * rows);
  const down = transposed ? 1 : columns;
  const across = transposed ? rows : 1;
  for (const [p, { plane, curve }] of planes.entries()) {
    const { samples } = plane;
    for (let y = 0; y < rows; y++) {
      let at = y * down + from * across;
      for (let x = 0; x < count; x++, at += across)
        out[(x * planes.length + p) * rows + y] = curve[samples[at] as number] as number;
    }
  }
  return out;
}

/** Share of samples at the top of their range, 0..1. */
export function saturatedShare(planes: readonly Plane[], bits: number): number {
  const top = 2 ** bits - 1;
  let hit = 0;
  let all = 0;
  for (const { samples } of planes) {
    all += samples.length;
    for (let i = 0; i < samples.length; i++) if ((samples[i] as number) >= top) hit++;
  }
  return all === 0 ? 0 : Number((hit / all).toFixed(6));
}
