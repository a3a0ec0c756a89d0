import { meetEdge, type Segment } from './crossing.ts';
import { metresPerDegree, squaredDistanceM } from './distance.ts';
import { edgeWalk } from './edge-walk.ts';
import type { Fence, FenceSet } from './fences.ts';
import type { Grid } from './grid.ts';
import { buildGrid } from './grid-build.ts';
import { fencesOfParts, locator } from './locate.ts';
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

/** The segment as pieces within -180..180; fractions along all pieces are those along the segment. */
function pieces(segment: Segment): Segment[] {
  const { x1, y1, x2, y2 } = segment;
  if (Math.abs(x2 - x1) <= 180) return [segment];
  const turn = x2 > x1 ? 360 : -360;
  return [
    { x1: x1 + turn, y1, x2, y2 },
    { x1, y1, x2: x2 - turn, y2 },
  ];
}

/** Position on a segment at a fraction (0..1) of it. */
export function pointAt(segment: Segment, fraction: number): readonly [number, number] {
  const { x1, y1, x2, y2 } = pieces(segment)[0] ?? segment;
  if (fraction === 0) return [segment.x1, segment.y1];
  if (fraction === 1) return [x2, y2];
  return [wrap(x1 + (x2 - x1) * fraction), y1 + (y2 - y1) * fraction];
}

/** `grid`: the one built of the same set, where it was built elsewhere. */
export function indexFences({ fences, shapes }: FenceSet, grid: Grid = buildGrid(shapes)): FenceIndex {
  const { vertices } = shapes;
  const numbers = new Map(fences.map((fence, number) => [fence.id, number]));
  const owners = fencesOfParts(shapes);
  const places = locator(shapes, grid, owners);
  const walk = edgeWalk(grid);

  function meetRun(segment: Segment, vertex: number, count: number, fractions: number[]): void {
    const end = 2 * (vertex + count);
    for (let at = 2 * vertex; at < end; at += 2) {
      const [ax, ay] = [vertices[at] as number, vertices[at + 1] as number];
      meetEdge(ax, ay, vertices[at + 2] as number, vertices[at + 3] as number, segment, fractions);
    }
  }

  /** Fences whose edges a segment meets. */
  function met(segment: Segment): number[] {
    const found: number[] = [];
    const fractions: number[] = [];
    for (const piece of pieces(segment)) {
      walk.along(piece, (part, vertex, count) => {
        const fence = owners[part] as number;
        if (found.includes(fence)) return;
        meetRun(piece, vertex, count, fractions);
        if (fractions.length === 0) return;
        fractions.length = 0;
        found.push(fence);
      });
    }
    return found;
  }

  /** Whether a segment stays where no edge is. */
  function quiet({ x1, y1, x2, y2 }: Segment): boolean {
    const block = places.blockAt(x2, y2);
    if (block < 0 || places.blockAt(x1, y1) !== block || Math.abs(x2 - x1) > 180) return false;
    const cell = places.cellAt(x2, y2);
    return cell < 0 || (places.cellAt(x1, y1) === cell && !places.hasEdges(cell));
  }

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
      const count = places.containing(segment.x2, segment.y2, inside);
      if (quiet(segment)) {
        if (count > 1) inside.length = count;
        if (count > 1) inside.sort((a, b) => a - b);
        for (let i = 0; i < count; i++) visit(inside[i] as number, true);
        return;
      }
      const within = inside.slice(0, count);
      const all = [...within, ...met(segment).filter((fence) => !within.includes(fence))];
      if (all.length > 1) all.sort((a, b) => a - b);
      for (const fence of all) visit(fence, within.includes(fence));
    },
    meetings(fence, segment) {
      const fractions: number[] = [];
      for (const piece of pieces(segment)) {
        const seen: number[] = [];
        walk.along(piece, (part, vertex, count) => {
          if (owners[part] !== fence) return;
          for (let v = vertex; v < vertex + count; v++) {
            if (seen.includes(v)) continue;
            seen.push(v);
            meetRun(piece, v, 1, fractions);
          }
        });
      }
      return fractions.sort((a, b) => a - b);
    },
    isWithin: (fence, x, y, metres) => isClose(x, y, metres, fence),
    anyWithin: (x, y, metres) => places.containing(x, y, inside) > 0 || (metres > 0 && isClose(x, y, metres)),
  };
}
