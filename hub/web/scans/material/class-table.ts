import { maxDepth } from '../pixels/depth.ts';
import { confidenceOf } from './confidence.ts';
import { type BeamCurves, type MaterialClass, materialClasses, ratioOf } from './curves.ts';

/**
 * What the shader knows of materials: by depth (x) and ratio (y) the class, from 0 organic over 1 inorganic and
 * 2 metal to 3 heavy with all between, and how sure it is. Two bytes an entry: class x 85, sureness x 255.
 */
export interface ClassTable {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
  /** Ratio of the first and of the last row. */
  readonly ratios: readonly [number, number];
}

const [width, height] = [128, 256];

export function classTable(beam: BeamCurves): ClassTable {
  const all = materialClasses.flatMap((name) => [...beam[name].ratio]);
  const ratios = [Math.min(...all) - 0.02, Math.max(...all) + 0.02] as const;
  const sure = materialClasses.map((name) => confidenceOf(beam, name, width));
  const data = new Uint8Array(width * height * 2);
  for (let x = 0; x < width; x++) {
    const depth = ((x + 0.5) / width) * maxDepth;
    const order = materialClasses.map((name) => ratioOf(beam, name, depth));
    for (let y = 0; y < height; y++) {
      const ratio = ratios[0] + ((y + 0.5) / height) * (ratios[1] - ratios[0]);
      const place = placeOf(order, ratio);
      const at = (y * width + x) * 2;
      data[at] = Math.round(place * 85);
      data[at + 1] = Math.round(255 * surenessOf(sure, order, x, place, ratio));
    }
  }
  return { width, height, data, ratios };
}

/** Class as a number: on a curve it is whole, between two curves it is between. Heavy only below metal. */
export function placeOf(order: readonly number[], ratio: number): number {
  const [organic = 0, inorganic = 0, metal = 0, heavy = 0] = order;
  if (ratio >= organic) return 0;
  if (ratio >= inorganic) return (organic - ratio) / (organic - inorganic);
  if (ratio >= metal) return 1 + (inorganic - ratio) / (inorganic - metal);
  // Where lead is not below steel, nothing is said to be heavier than steel.
  if (heavy >= metal) return 2;
  return 2 + Math.min(1, (metal - ratio) / (metal - heavy));
}

function surenessOf(
  sure: readonly Float32Array[],
  order: readonly number[],
  x: number,
  place: number,
  ratio: number,
): number {
  const left = Math.floor(place);
  const share = place - left;
  const of = (index: number) => sure[Math.min(index, 3)]?.[x] ?? 0;
  const known = of(left) * (1 - share) + of(left + 1) * share;
  // Above organic there is nothing but thin lead, or a fault of the calibration.
  const [organic = 0, inorganic = 0] = order;
  const above = Math.max(0, ratio - organic) / (organic - inorganic);
  return known * Math.max(0, Math.min(1, 2 - above));
}

/** The entry of a depth and a ratio, read as the shader reads it. */
export function classAt(table: ClassTable, depth: number, ratio: number) {
  const share = (ratio - table.ratios[0]) / (table.ratios[1] - table.ratios[0]);
  const x = Math.min(table.width - 1, Math.max(0, Math.floor((depth / maxDepth) * table.width)));
  const y = Math.min(table.height - 1, Math.max(0, Math.floor(share * table.height)));
  const at = (y * table.width + x) * 2;
  const place = (table.data[at] ?? 0) / 85;
  const sure = (table.data[at + 1] ?? 0) / 255;
  return { place, sure, name: materialClasses[Math.round(place)] as MaterialClass };
}
