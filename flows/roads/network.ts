import { metresBetween } from '../geo/polyline.ts';
import { findJunctions, type Line, type Stop } from './junctions.ts';
import type { Road, Roads } from './lines.ts';

/** A stretch of road between two junctions: what a vehicle cannot leave but at its ends. */
export interface Piece {
  /** Number of its road. */
  readonly road: number;
  /** Junctions at its begin and end, as the road is drawn. */
  readonly from: number;
  readonly to: number;
  /** Longitude and latitude in turn, degrees. */
  readonly points: Float64Array;
  /** Metres from the piece's begin at each of its positions. */
  readonly metres: Float64Array;
  readonly lengthM: number;
  /** Metres along the whole road where the piece begins. */
  readonly startM: number;
  readonly oneway: Road['oneway'];
}

/** Roads as a graph: pieces between junctions. */
export interface RoadNetwork {
  readonly roads: readonly Road[];
  readonly pieces: readonly Piece[];
  readonly junctions: { readonly lon: Float64Array; readonly lat: Float64Array };
  /** Ways out of junction j are `exits[first[j]]` to `exits[first[j + 1] - 1]`: twice the piece, plus 1 against it. */
  readonly first: Uint32Array;
  readonly exits: Uint32Array;
}

function pieceOf(
  line: Line,
  a: Stop,
  b: Stop,
  startM: number,
  road: Road,
  lon: Float64Array,
  lat: Float64Array,
): Piece {
  const flat = [lon[a.node] as number, lat[a.node] as number];
  for (let i = a.segment + 1; i <= b.segment; i++)
    flat.push(line.points[2 * i] as number, line.points[2 * i + 1] as number);
  flat.push(lon[b.node] as number, lat[b.node] as number);
  const points = Float64Array.from(flat);
  const metres = new Float64Array(points.length / 2);
  for (let i = 1; i < metres.length; i++) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points.subarray(2 * i - 2, 2 * i + 2);
    metres[i] = (metres[i - 1] as number) + metresBetween(x1, y1, x2, y2);
  }
  const lengthM = metres.at(-1) ?? 0;
  return { road: line.road, from: a.node, to: b.node, points, metres, lengthM, startM, oneway: road.oneway };
}

/** Ways out of every junction. */
function exitsOf(pieces: readonly Piece[], junctions: number) {
  const first = new Uint32Array(junctions + 1);
  const each = (visit: (junction: number, exit: number) => void) =>
    pieces.forEach(({ from, to, oneway }, i) => {
      if (oneway >= 0) visit(from, 2 * i);
      if (oneway <= 0) visit(to, 2 * i + 1);
    });
  each((junction) => {
    first[junction + 1] = (first[junction + 1] as number) + 1;
  });
  for (let i = 1; i <= junctions; i++) first[i] = (first[i] as number) + (first[i - 1] as number);
  const exits = new Uint32Array(first[junctions] as number);
  const next = first.slice();
  each((junction, exit) => {
    const at = next[junction] as number;
    exits[at] = exit;
    next[junction] = at + 1;
  });
  return { first, exits };
}

/** Makes the graph of roads that were read without problems. */
export function buildNetwork({ roads, noded }: Pick<Roads, 'roads' | 'noded'>): RoadNetwork {
  const { lines, lon, lat } = findJunctions(roads, noded);
  const pieces: Piece[] = [];
  let [road, startM] = [-1, 0];
  for (const line of lines) {
    if (line.road !== road) [road, startM] = [line.road, 0];
    for (let i = 1; i < line.stops.length; i++) {
      const [a, b] = [line.stops[i - 1] as Stop, line.stops[i] as Stop];
      if (a.node === b.node && a.segment + a.along === b.segment + b.along) continue;
      const piece = pieceOf(line, a, b, startM, roads[road] as Road, lon, lat);
      pieces.push(piece);
      startM += piece.lengthM;
    }
  }
  return { roads, pieces, junctions: { lon, lat }, ...exitsOf(pieces, lon.length) };
}
