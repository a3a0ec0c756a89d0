import Flatbush from 'flatbush';
import { buildCells } from './cells.ts';
import { type Container, container } from './containment.ts';
import { meetings, type Segment } from './crossing.ts';
import { distanceToEdgeM } from './distance.ts';
import type { Fence, Part } from './fences.ts';

/**
 * Fences prepared for many questions. Fences go by their number in the list they were given in. The
 * way in which it finds them is its own: all callers use are the answers, which are exact.
 */
export interface FenceIndex {
  readonly fences: readonly Fence[];
  /** Number of the fence with an id. */
  numberOf(id: string): number | undefined;
  /**
   * Calls `visit` for the fences whose box the segment's box touches, each once: `inside` says whether
   * the segment's end is in it. A segment across the antimeridian goes the short way.
   */
  near(segment: Segment, visit: (fence: number, inside: boolean) => void): void;
  /** Whether a point is in a fence, its edges included. */
  contains(fence: number, x: number, y: number): boolean;
  /** Where along the segment (0..1) it meets the edges of a fence; sorted. */
  meetings(fence: number, segment: Segment): number[];
  /** Metres from a point to the nearest edge. */
  distanceM(fence: number, x: number, y: number): number;
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

export function indexFences(fences: readonly Fence[]): FenceIndex {
  const containers: Container[] = [];
  const fenceOf: number[] = [];
  const containersOf = fences.map((fence, number) =>
    fence.parts.map((part) => {
      const one = container(part);
      containers.push(one);
      fenceOf.push(number);
      return one;
    }),
  );
  const parts = fences.flatMap((fence) => fence.parts);
  const tree = parts.length === 0 ? undefined : new Flatbush(parts.length);
  for (const part of parts) tree?.add(part.minX, part.minY, part.maxX, part.maxY);
  tree?.finish();
  const numbers = new Map(fences.map((fence, number) => [fence.id, number]));
  const contains = (fence: number, x: number, y: number) =>
    containersOf[fence]?.some((one) => one.contains(x, y)) ?? false;
  const search = ({ x1, y1, x2, y2 }: Segment): number[] =>
    tree?.search(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)) ?? [];

  const cells = buildCells(parts);

  /** Number of the cell that the whole segment is in, or -1. */
  function cellOf({ x1, y1, x2, y2 }: Segment, across: boolean): number {
    const cell = across ? -1 : cells.cellAt(x2, y2);
    return cell < 0 || ((x1 !== x2 || y1 !== y2) && cells.cellAt(x1, y1) !== cell) ? -1 : cell;
  }

  return {
    fences,
    numberOf: (id) => numbers.get(id),
    near(segment, visit) {
      const { x1, y1, x2, y2 } = segment;
      const across = Math.abs(x2 - x1) > 180;
      const cell = cellOf(segment, across);
      // ascending, so that the parts of one fence follow each other
      const found =
        cell >= 0
          ? cells.parts
          : pieces(segment)
              .flatMap(search)
              .sort((a, b) => a - b);
      const end = cell >= 0 ? (cells.starts[cell + 1] as number) : found.length;
      let fence = -1;
      let inside = false;
      for (let i = cell >= 0 ? (cells.starts[cell] as number) : 0; i < end; i++) {
        const number = found[i] as number;
        const part = parts[number] as Part;
        if (!across && ((x1 < part.minX && x2 < part.minX) || (x1 > part.maxX && x2 > part.maxX))) continue;
        if ((y1 < part.minY && y2 < part.minY) || (y1 > part.maxY && y2 > part.maxY)) continue;
        const next = fenceOf[number] as number;
        if (next !== fence) {
          if (fence >= 0) visit(fence, inside);
          fence = next;
          inside = false;
        }
        inside = inside || (containers[number] as Container).contains(x2, y2);
      }
      if (fence >= 0) visit(fence, inside);
    },
    contains,
    meetings(fence, segment) {
      const fractions: number[] = [];
      for (const piece of pieces(segment)) {
        for (const part of fences[fence]?.parts ?? []) meetings(part, piece, fractions);
      }
      return fractions.sort((a, b) => a - b);
    },
    distanceM: (fence, x, y) => {
      const one = fences[fence];
      return one ? distanceToEdgeM(one, x, y) : Infinity;
    },
  };
}
