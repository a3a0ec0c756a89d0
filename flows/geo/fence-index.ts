import type { Segment } from './crossing.ts';
import { metresPerDegree, squaredDistanceM } from './distance.ts';
import { edgeWalk } from './edge-walk.ts';
import type { Fence, FenceSet } from './fences.ts';
import type { Grid } from './grid.ts';
import { buildGrid } from './grid-build.ts';
import { insertionSort } from './insertion-sort.ts';
import { fencesOfParts, locator } from './locate.ts';
import { meeter } from './meet.ts';
import { eachRing } from './shapes.ts';

/**
 * Fences prepared for many questions. Fences go by their number in the list they were given in. The
 * way in which it finds them is its own: all callers use are the answers, which are exact.
 */
export interface FenceIndex {
  readonly fences: readonly Fence[];
  /** Number of the fence with an id. */
  numberOf(id: string): number | undefined;
  /**
   * Calls `visit` for the fences that the segment's end is in (`inside`) or whose edges the segment meets,
   * each once, in order of their numbers. A segment across the antimeridian goes the short way.
   */
  near(segment: Segment, visit: (fence: number, inside: boolean) => void): void;
  /** Writes the fences that contain a point to the front of `out`; gives their number. */
  containing(x: number, y: number, out: number[]): number;
  /** Whether a point is in a fence, its edges included. */
  contains(fence: number, x: number, y: number): boolean;
  /** Where along the segment (0..1) it meets the edges of a fence; sorted. */
  meetings(fence: number, segment: Segment): number[];
  /** Whether a point is at most so many metres from an edge of the fence; the wrap at 180° is not looked across. */
  isWithin(fence: number, x: number, y: number, metres: number): boolean;
  /** Whether a point is in any fence, or at most so many metres from an edge of one. */
  anyWithin(x: number, y: number, metres: number): boolean;
}

const wrap = (x: number): number => (x > 180 ? x - 360 : x < -180 ? x + 360 : x);

/** Position on a segment at a fraction (0..1) of it. */
export function pointAt(segment: Segment, fraction: number): readonly [number, number] {
  const { x1, y1, x2, y2 } = segment;
  if (fraction === 0) return [x1, y1];
  if (fraction === 1) return [x2, y2];
  const turn = Math.abs(x2 - x1) <= 180 ? 0 : x2 > x1 ? 360 : -360;
  const from = x1 + turn;
  return [wrap(from + (x2 - from) * fraction), y1 + (y2 - y1) * fraction];
}

/** `grid`: the one built of the same set, where it was built elsewhere. */
export function indexFences({ fences, shapes }: FenceSet, grid: Grid = buildGrid(shapes)): FenceIndex {
  const { vertices } = shapes;
  const numbers = new Map(fences.map((fence, number) => [fence.id, number]));
  const owners = fencesOfParts(shapes);
  const places = locator(shapes, grid, owners);
  const met = meeter(shapes, grid, owners);
  const walk = edgeWalk(grid);

  /** Numbers of fences; written to by `near` alone. */
  const list: number[] = [];

  /** Whether an edge is at most so many metres from a point: of one fence, or of any. */
  function isClose(x: number, y: number, metres: number, only?: number): boolean {
    const scale = metresPerDegree(y);
    const [reachX, reachY] = [(metres / scale.lon) * 1.01, (metres / scale.lat) * 1.01];
    let close = false;
    const look = (vertex: number, count: number) => {
      for (let at = 2 * vertex; !close && at < 2 * (vertex + count); at += 2) {
        const [ax, ay] = [vertices[at] as number, vertices[at + 1] as number];
        const [bx, by] = [vertices[at + 2] as number, vertices[at + 3] as number];
        close = squaredDistanceM(ax, ay, bx, by, x, y, scale) <= metres * metres;
      }
    };
    const looked = walk.around(x - reachX, y - reachY, x + reachX, y + reachY, (part, vertex, count) => {
      if (!close && (only === undefined || owners[part] === only)) look(vertex, count);
    });
    if (looked) return close;
    const [from, to] = only === undefined ? [0, fences.length - 1] : [only, only];
    for (let fence = from; fence <= to && !close; fence++)
      eachRing(shapes, fence, (first, count) => look(first, count - 1));
    return close;
  }

  const inside: number[] = [];
  return {
    fences,
    numberOf: (id) => numbers.get(id),
    containing: places.containing,
    contains: places.contains,
    near(segment, visit) {
      const holding = places.containing(segment.x2, segment.y2, list);
      const count = met.listMet(segment, list, holding);
      for (let i = 0; i < count; i++) list[i] = 2 * (list[i] as number) + (i < holding ? 1 : 0);
      if (count > 1) insertionSort(list, count, (a, b) => a - b);
      for (let i = 0; i < count; i++) visit((list[i] as number) >> 1, ((list[i] as number) & 1) === 1);
    },
    meetings: met.meetings,
    isWithin: (fence, x, y, metres) => isClose(x, y, metres, fence),
    anyWithin: (x, y, metres) => places.containing(x, y, inside) > 0 || (metres > 0 && isClose(x, y, metres)),
  };
}
