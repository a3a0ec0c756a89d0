import { readTable } from '../../table-file.ts';
import { type Materials, readMaterials } from './materials.ts';

interface Table {
  readonly startNm: number;
  readonly stepNm: number;
  readonly points: number;
  readonly members: Readonly<Record<string, { readonly reflectance: readonly number[] }>>;
}

export interface EndMembers {
  /** Nanometres, even. */
  readonly axis: Float64Array;
  /** Reflectance of each mineral or assumed curve by name, on the axis. */
  readonly reflectance: ReadonlyMap<string, Float64Array>;
}

function straight(points: readonly (readonly [number, number])[], axis: Float64Array): Float64Array {
  return axis.map((nm) => {
    const after = points.findIndex(([place]) => place >= nm);
    if (after <= 0) return (after === 0 ? points[0] : points.at(-1))?.[1] ?? 0;
    const [x0, y0] = points[after - 1] as readonly [number, number];
    const [x1, y1] = points[after] as readonly [number, number];
    return y0 + ((y1 - y0) * (nm - x0)) / (x1 - x0);
  });
}

/** Reflectances of USGS minerals (tables/end-members.json) and of the assumed curves of tables/materials.json. */
export function readEndMembers(materials: Materials = readMaterials()): EndMembers {
  const table = readTable<Table>('tables/end-members.json', import.meta.url);
  const axis = Float64Array.from({ length: table.points }, (_, i) => table.startNm + i * table.stepNm);
  const minerals = Object.entries(table.members).map(
    ([name, { reflectance }]) => [name, Float64Array.from(reflectance)] as const,
  );
  const curves = Object.entries(materials.curves).map(
    ([name, points]) => [name, straight(points, axis)] as const,
  );
  return { axis, reflectance: new Map([...minerals, ...curves]) };
}
