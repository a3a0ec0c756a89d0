import { acrossCell, mayMeet, upCell } from './cell-runs.ts';
import { meetEdge, type Segment } from './crossing.ts';
import { metresPerDegree, squaredDistanceM } from './distance.ts';
import { edgeWalk, type Run } from './edge-walk.ts';
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
  const { lattice } = grid;
  const numbers = new Map(fences.map((fence, number) => [fence.id, number]));
  const owners = fencesOfParts(shapes);
  const places = locator(shapes, grid, owners);
  const walk = edgeWalk(grid);

  /** Written to by `near` alone: twice the number of a fence, and one more when it holds the segment's end. */
  const list: number[] = [];
  let listed = 0;
  let piece: Segment = { x1: 0, y1: 0, x2: 0, y2: 0 };
  const fractions: number[] = [];

  /** The piece in the coordinates of the cell that is looked at. */
  const way = { x1: 0, y1: 0, x2: 0, y2: 0 };
  let [wayColumn, wayRow] = [-1, -1];

  function intoCell(column: number, row: number): void {
    if (wayColumn === column && wayRow === row) return;
    wayColumn = column;
    wayRow = row;
    way.x1 = acrossCell(lattice, column, piece.x1);
    way.y1 = upCell(lattice, row, piece.y1);
    way.x2 = acrossCell(lattice, column, piece.x2);
    way.y2 = upCell(lattice, row, piece.y2);
  }

  /** Whether the piece meets an edge, by the number of the vertex at which it begins. */
  function meets(vertex: number): boolean {
    const at = 2 * vertex;
    const [ax, ay] = [vertices[at] as number, vertices[at + 1] as number];
    meetEdge(ax, ay, vertices[at + 2] as number, vertices[at + 3] as number, piece, fractions);
    if (fractions.length === 0) return false;
    fractions.length = 0;
    return true;
  }

  const listIfMet: Run = (part, vertex, count, corners, column, row) => {
    const fence = owners[part] as number;
    for (let i = 0; i < listed; i++) if ((list[i] as number) >> 1 === fence) return;
    if (corners >= 0) intoCell(column, row);
    for (let edge = 0; edge < count; edge++) {
      if (corners >= 0) edge = mayMeet(grid.cells, corners, count, edge, way);
      if (edge < 0) return;
      if (!meets(vertex + edge)) continue;
      list[listed++] = 2 * fence;
      return;
    }
  };

  /** Appends the fences whose edges a segment meets and that are not in the list. */
  function listMet(segment: Segment): void {
    if (Math.abs(segment.x2 - segment.x1) <= 180) listMetBy(segment);
    else for (const one of pieces(segment)) listMetBy(one);
  }

  function listMetBy(one: Segment): void {
    piece = one;
    wayColumn = -1;
    walk.along(one, listIfMet);
  }

  /** There are few, and mostly in order: numbers of fences in a cell go up. */
  function sortList(): void {
    for (let i = 1; i < listed; i++) {
      const value = list[i] as number;
      let at = i;
      for (; at > 0 && (list[at - 1] as number) > value; at--) list[at] = list[at - 1] as number;
      list[at] = value;
    }
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
      listed = places.containing(segment.x2, segment.y2, list);
      for (let i = 0; i < listed; i++) list[i] = 2 * (list[i] as number) + 1;
      listMet(segment);
      if (listed > 1) sortList();
      const count = listed;
      for (let i = 0; i < count; i++) visit((list[i] as number) >> 1, ((list[i] as number) & 1) === 1);
    },
    meetings(fence, segment) {
      const all: number[] = [];
      for (const one of pieces(segment)) {
        const seen: number[] = [];
        walk.along(one, (part, vertex, count) => {
          if (owners[part] !== fence) return;
          for (let v = vertex; v < vertex + count; v++) {
            if (seen.includes(v)) continue;
            const before = all.length;
            const at = 2 * v;
            const [ax, ay] = [vertices[at] as number, vertices[at + 1] as number];
            meetEdge(ax, ay, vertices[at + 2] as number, vertices[at + 3] as number, one, all);
            if (all.length > before) seen.push(v);
          }
        });
      }
      return all.length > 1 ? all.sort((a, b) => a - b) : all;
    },
    isWithin: (fence, x, y, metres) => isClose(x, y, metres, fence),
    anyWithin: (x, y, metres) => places.containing(x, y, inside) > 0 || (metres > 0 && isClose(x, y, metres)),
  };
}
