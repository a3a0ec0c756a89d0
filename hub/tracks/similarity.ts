import { between, metresBetween } from '#flows/geo/polyline';
import type { Fix } from './fix.ts';

export interface Similarity {
  /** Share of the shorter way that has its like in the other, in the same order (LCSS within `reachM`), 0 to 1. */
  readonly share: number;
  /** Greatest distance of the two when both are followed from end to end (discrete Fréchet), metres. */
  readonly frechetM: number;
  readonly direction: 'same' | 'opposite';
}

/** Points of a way at most this near to each other say nothing more, metres. */
const leastStepM = 20;

/** A way as at most `count` points, evenly along it: what stood still becomes one point. */
export function resample(fixes: readonly Fix[], count: number): Fix[] {
  const moved: Fix[] = [];
  for (const fix of fixes) {
    const last = moved.at(-1);
    if (!last || metresBetween(last.lon, last.lat, fix.lon, fix.lat) >= leastStepM) moved.push(fix);
  }
  if (moved.length <= count) return moved;
  const along = [0];
  for (let i = 1; i < moved.length; i++) {
    const [a, b] = [moved[i - 1] as Fix, moved[i] as Fix];
    along.push((along[i - 1] as number) + metresBetween(a.lon, a.lat, b.lon, b.lat));
  }
  const step = (along.at(-1) as number) / (count - 1);
  let next = 1;
  return Array.from({ length: count }, (_, n) => {
    while (next < moved.length - 1 && (along[next] as number) < n * step) next += 1;
    const [a, b] = [moved[next - 1] as Fix, moved[next] as Fix];
    const [from, to] = [along[next - 1] as number, along[next] as number];
    const share = Math.min(1, (n * step - from) / (to - from));
    return { ms: a.ms + (b.ms - a.ms) * share, ...between(a, b, share) };
  });
}

/** Mean step of a way, metres. */
const stepOf = (way: readonly Fix[]): number =>
  way.reduce((sum, { lon, lat }, i) => {
    const before = way[i - 1];
    return before ? sum + metresBetween(before.lon, before.lat, lon, lat) : 0;
  }, 0) / Math.max(1, way.length - 1);

/** Distances of all points of one to all of the other, row after row, metres. */
function distances(a: readonly Fix[], b: readonly Fix[]): Float64Array {
  const table = new Float64Array(a.length * b.length);
  a.forEach((p, i) => {
    b.forEach((q, j) => {
      table[i * b.length + j] = metresBetween(p.lon, p.lat, q.lon, q.lat);
    });
  });
  return table;
}

/** The same table for the other way gone backwards. */
function mirrored(table: Float64Array, columns: number): Float64Array {
  const back = table.slice();
  for (let at = 0; at < back.length; at += columns) back.subarray(at, at + columns).reverse();
  return back;
}

/** Longest common subsequence: points within reach of each other count as the same. */
export function lcss(table: Float64Array, rows: number, columns: number, reachM: number): number {
  let before = new Uint32Array(columns + 1);
  for (let i = 0; i < rows; i++) {
    const now = new Uint32Array(columns + 1);
    for (let j = 0; j < columns; j++)
      now[j + 1] =
        (table[i * columns + j] as number) <= reachM
          ? (before[j] as number) + 1
          : Math.max(before[j + 1] as number, now[j] as number);
    before = now;
  }
  return before[columns] as number;
}

/** Discrete Fréchet distance (Eiter and Mannila 1994). */
export function frechet(table: Float64Array, rows: number, columns: number): number {
  const reached = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    let diagonal = Number.POSITIVE_INFINITY;
    for (let j = 0; j < columns; j++) {
      const above = i === 0 ? Number.POSITIVE_INFINITY : (reached[j] as number);
      const left = j === 0 ? Number.POSITIVE_INFINITY : (reached[j - 1] as number);
      const best = i === 0 && j === 0 ? 0 : Math.min(above, left, diagonal);
      diagonal = above;
      reached[j] = Math.max(table[i * columns + j] as number, best);
    }
  }
  return reached[columns - 1] as number;
}

/** How alike two ways are, and whether they were gone in the same direction; undefined for one without a way. */
export function similarityOf(a: readonly Fix[], b: readonly Fix[], reachM: number): Similarity | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  // Points of the same road lie up to half a step beside each other.
  const reach = reachM + Math.max(stepOf(a), stepOf(b)) / 2;
  const compare = (table: Float64Array) => ({
    share: lcss(table, a.length, b.length, reach) / Math.min(a.length, b.length),
    frechetM: Math.round(frechet(table, a.length, b.length)),
  });
  const table = distances(a, b);
  const same = compare(table);
  const opposite = compare(mirrored(table, b.length));
  return opposite.share > same.share
    ? { ...opposite, direction: 'opposite' }
    : { ...same, direction: 'same' };
}
