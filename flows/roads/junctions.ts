import Flatbush from 'flatbush';
import { metresPerDegree } from '../geo/distance.ts';
import type { Road } from './lines.ts';

/** An end of a line nearer than this to another line is on it, metres. */
const touchM = 0.5;

/** A place on a line where roads meet. */
export interface Stop {
  /** Segment of the line, and how far along it, 0..1. */
  readonly segment: number;
  readonly along: number;
  readonly node: number;
}

export interface Line {
  readonly road: number;
  readonly points: Float64Array;
  /** In order along the line; the first is its begin, the last its end. */
  readonly stops: Stop[];
}

/** Gives every place a number; the same place, the same number. */
class Places {
  readonly lon: number[] = [];
  readonly lat: number[] = [];
  readonly #numbers = new Map<string, number>();

  at(x: number, y: number): number {
    const key = `${x},${y}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.lon.length;
    this.#numbers.set(key, number);
    this.lon.push(x);
    this.lat.push(y);
    return number;
  }
}

interface Segments {
  readonly line: number[];
  readonly segment: number[];
  readonly index: Flatbush;
}

function segmentsOf(lines: readonly Line[]): Segments {
  const line: number[] = [];
  const segment: number[] = [];
  const boxes: number[] = [];
  lines.forEach(({ points }, number) => {
    for (let i = 0; i + 3 < points.length; i += 2) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points.subarray(i, i + 4);
      line.push(number);
      segment.push(i / 2);
      boxes.push(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
    }
  });
  const index = new Flatbush(line.length);
  for (let i = 0; i < boxes.length; i += 4)
    index.add(boxes[i] as number, boxes[i + 1] as number, boxes[i + 2] as number, boxes[i + 3] as number);
  index.finish();
  return { line, segment, index };
}

/** Ends of lines that lie on another line become junctions of it. */
function joinEnds(lines: readonly Line[], roads: readonly Road[], places: Places, segments: Segments): void {
  for (const [number, { points }] of lines.entries()) {
    for (const at of [0, points.length - 2]) {
      const [x = 0, y = 0] = points.subarray(at, at + 2);
      const scale = metresPerDegree(y);
      const [dx, dy] = [touchM / scale.lon, touchM / scale.lat];
      for (const hit of segments.index.search(x - dx, y - dy, x + dx, y + dy)) {
        const other = segments.line[hit] as number;
        const segment = segments.segment[hit] as number;
        if (other === number || levelOf(lines, roads, other) !== levelOf(lines, roads, number)) continue;
        const target = lines[other] as Line;
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = target.points.subarray(2 * segment, 2 * segment + 4);
        const [ex, ey] = [(x2 - x1) * scale.lon, (y2 - y1) * scale.lat];
        const [px, py] = [(x - x1) * scale.lon, (y - y1) * scale.lat];
        const along = Math.max(0, Math.min(1, (px * ex + py * ey) / (ex * ex + ey * ey)));
        if (Math.hypot(px - along * ex, py - along * ey) > touchM) continue;
        target.stops.push({ segment, along, node: places.at(x, y) });
      }
    }
  }
}

const levelOf = (lines: readonly Line[], roads: readonly Road[], line: number): string =>
  roads[(lines[line] as Line).road]?.level ?? '';

/** Lines of one level that cross without a common position get a junction where they do. */
function joinCrossings(
  lines: readonly Line[],
  roads: readonly Road[],
  places: Places,
  segments: Segments,
): void {
  for (let a = 0; a < segments.line.length; a++) {
    const first = segments.line[a] as number;
    const one = lines[first] as Line;
    const at = segments.segment[a] as number;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = one.points.subarray(2 * at, 2 * at + 4);
    const box = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)] as const;
    for (const b of segments.index.search(...box, (i) => i > a)) {
      const second = segments.line[b] as number;
      if (first === second || levelOf(lines, roads, first) !== levelOf(lines, roads, second)) continue;
      const other = lines[second] as Line;
      const segment = segments.segment[b] as number;
      const [x3 = 0, y3 = 0, x4 = 0, y4 = 0] = other.points.subarray(2 * segment, 2 * segment + 4);
      const cross = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3);
      if (cross === 0) continue;
      const t = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / cross;
      const u = ((x3 - x1) * (y2 - y1) - (y3 - y1) * (x2 - x1)) / cross;
      if (!(t > 0 && t < 1 && u > 0 && u < 1)) continue;
      const node = places.at(x1 + t * (x2 - x1), y1 + t * (y2 - y1));
      one.stops.push({ segment: at, along: t, node });
      other.stops.push({ segment, along: u, node });
    }
  }
}

/** Positions that lines have in common, and their ends. */
function joinShared(lines: readonly Line[], places: Places): void {
  const uses = new Map<string, number>();
  const key = (points: Float64Array, i: number) => `${points[i]},${points[i + 1]}`;
  for (const { points } of lines)
    for (let i = 0; i < points.length; i += 2) uses.set(key(points, i), (uses.get(key(points, i)) ?? 0) + 1);
  for (const { points, stops } of lines) {
    const last = points.length - 2;
    for (let i = 0; i <= last; i += 2) {
      if (i > 0 && i < last && (uses.get(key(points, i)) ?? 0) < 2) continue;
      const node = places.at(points[i] as number, points[i + 1] as number);
      stops.push(i === last ? { segment: i / 2 - 1, along: 1, node } : { segment: i / 2, along: 0, node });
    }
  }
}

/**
 * Where lines meet: at positions that they share, where an end lies on another line and, unless the
 * collection is noded, where lines of one level cross.
 */
export function findJunctions(roads: readonly Road[], noded: boolean) {
  const lines: Line[] = roads.flatMap(({ lines }, road) =>
    lines.map((points) => ({ road, points, stops: [] })),
  );
  const places = new Places();
  joinShared(lines, places);
  if (!noded) {
    const segments = segmentsOf(lines);
    joinEnds(lines, roads, places, segments);
    joinCrossings(lines, roads, places, segments);
  }
  for (const { stops } of lines) stops.sort((a, b) => a.segment + a.along - (b.segment + b.along));
  return { lines, lon: Float64Array.from(places.lon), lat: Float64Array.from(places.lat) };
}
