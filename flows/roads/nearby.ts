import Flatbush from 'flatbush';
import { metresPerDegree } from '../geo/distance.ts';
import type { Piece, RoadNetwork } from './network.ts';

/** A place on a road that a fix may have been at. */
export interface Candidate {
  /** Number of the piece. */
  readonly piece: number;
  /** Metres from the piece's begin. */
  readonly offsetM: number;
  /** Metres from the fix. */
  readonly distanceM: number;
  readonly lon: number;
  readonly lat: number;
}

/** Finds the pieces near a place. */
export interface Nearby {
  /** The nearest place of each piece within `radiusM`, nearest first, at most `limit`. */
  find(lon: number, lat: number, radiusM: number, limit: number): Candidate[];
}

const byDistance = (a: Candidate, b: Candidate): number => a.distanceM - b.distanceM || a.piece - b.piece;

/** A packed R-tree over all segments of a network. */
export function indexRoads({ pieces }: RoadNetwork): Nearby {
  const owner: number[] = [];
  const start: number[] = [];
  pieces.forEach(({ points }, piece) => {
    for (let i = 0; i + 3 < points.length; i += 2) {
      owner.push(piece);
      start.push(i);
    }
  });
  const tree = new Flatbush(Math.max(1, owner.length));
  owner.forEach((piece, i) => {
    const at = start[i] as number;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = (pieces[piece] as Piece).points.subarray(at, at + 4);
    tree.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
  });
  if (owner.length === 0) tree.add(0, 0, 0, 0);
  tree.finish();

  return {
    find(lon, lat, radiusM, limit) {
      const scale = metresPerDegree(lat);
      const [rx, ry] = [radiusM / scale.lon, radiusM / scale.lat];
      const found: Candidate[] = [];
      for (const hit of tree.search(lon - rx, lat - ry, lon + rx, lat + ry)) {
        const piece = owner[hit];
        if (piece === undefined) continue;
        const at = start[hit] as number;
        const { points, metres } = pieces[piece] as Piece;
        const x1 = points[at] as number;
        const y1 = points[at + 1] as number;
        const ex = ((points[at + 2] as number) - x1) * scale.lon;
        const ey = ((points[at + 3] as number) - y1) * scale.lat;
        const px = (lon - x1) * scale.lon;
        const py = (lat - y1) * scale.lat;
        const square = ex * ex + ey * ey;
        const along = square === 0 ? 0 : Math.max(0, Math.min(1, (px * ex + py * ey) / square));
        const distanceM = Math.hypot(px - along * ex, py - along * ey);
        if (distanceM > radiusM) continue;
        const known = found.findIndex((candidate) => candidate.piece === piece);
        if (known >= 0 && (found[known] as Candidate).distanceM <= distanceM) continue;
        const from = metres[at / 2] as number;
        const candidate = {
          piece,
          offsetM: from + along * ((metres[at / 2 + 1] as number) - from),
          distanceM,
          lon: x1 + (along * ex) / scale.lon,
          lat: y1 + (along * ey) / scale.lat,
        };
        if (known >= 0) found[known] = candidate;
        else found.push(candidate);
      }
      return found.sort(byDistance).slice(0, limit);
    },
  };
}
