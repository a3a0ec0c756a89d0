import Flatbush from 'flatbush';
import type { FeatureCollection, Polygon, Position } from 'geojson';
import pointInPolygon from 'point-in-polygon-hao';

/** Writes the numbers of the fences that hold a point to the front of `out`; gives their number. */
export type Side = (x: number, y: number, out: number[]) => number;

/** What a user would pick instead: a packed R-tree of boxes and the fastest exact test of npm behind it. */
export function peer({ features }: FeatureCollection<Polygon>): Side {
  const tree = new Flatbush(features.length);
  const rings = features.map(({ geometry }) => geometry.coordinates as [number, number][][]);
  for (const [ring = []] of rings) {
    const xs = ring.map(([x]) => x);
    const ys = ring.map(([, y]) => y);
    tree.add(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  }
  tree.finish();
  return (x, y, out) => {
    let count = 0;
    const at: [number, number] = [x, y];
    for (const fence of tree.search(x, y, x, y)) {
      if (pointInPolygon(at, rings[fence] ?? []) !== false) out[count++] = fence;
    }
    return count;
  };
}

/** The classic even-odd test (W. R. Franklin) of every fence, on purpose none of the code that is measured. */
export function bruteForce({ features }: FeatureCollection<Polygon>): Side {
  const rings = features.map(({ geometry }) => geometry.coordinates[0] ?? []);
  const contains = (ring: readonly Position[], x: number, y: number) => {
    let inside = false;
    for (let i = 1; i < ring.length; i++) {
      const [x1 = 0, y1 = 0] = ring[i - 1] ?? [];
      const [x2 = 0, y2 = 0] = ring[i] ?? [];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  };
  return (x, y, out) => {
    let count = 0;
    for (let fence = 0; fence < rings.length; fence++) {
      if (contains(rings[fence] ?? [], x, y)) out[count++] = fence;
    }
    return count;
  };
}

/** How many fences hold the points of a list, and a sum that depends on which. */
export function evaluate(side: Side, points: Float64Array, count: number): { hits: number; sum: number } {
  const out: number[] = [];
  let hits = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const found = side(points[2 * i] as number, points[2 * i + 1] as number, out);
    hits += found;
    for (let k = 0; k < found; k++) sum = (sum + ((out[k] as number) + 1) * (i + 1)) % 9_007_199_254;
  }
  return { hits, sum };
}

/** Throws with the first point that two sides see differently. */
export function mustAgree(ours: Side, other: Side, name: string, points: Float64Array, count: number): void {
  const [a, b]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const [x, y] = [points[2 * i] as number, points[2 * i + 1] as number];
    a.length = ours(x, y, a);
    b.length = other(x, y, b);
    const [mine, theirs] = [a, b].map((list) => list.sort((p, q) => p - q).join());
    if (mine !== theirs) throw new Error(`at ${x}, ${y} ours finds [${mine}], ${name} [${theirs}]`);
  }
}
