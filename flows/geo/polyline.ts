import { metresPerDegree } from './distance.ts';

export type Line = readonly (readonly [number, number])[];

/** Where a point is to a line: metres from it, metres along it, and the course of its nearest piece. */
export interface Offset {
  readonly offsetM: number;
  readonly alongM: number;
}

/**
 * The nearest place of each stretch of a line that stays within `withinM` of a point: one, or several where the line comes
 * by again. Where none does, the nearest place alone. Planar around the point's latitude, as good as a thousandth within
 * 100 km; across 180° the short way.
 */
export function offsetsOf(line: Line, x: number, y: number, withinM: number): readonly [Offset, ...Offset[]] {
  const scale = metresPerDegree(y);
  const runs: Offset[] = [];
  let nearest: Offset = { offsetM: Infinity, alongM: 0 };
  let run: Offset | undefined;
  let passedM = 0;
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1] as readonly [number, number];
    const [bx, by] = line[i] as readonly [number, number];
    const [fromX, fromY] = [degreesEast(x, ax) * scale.lon, (ay - y) * scale.lat];
    const [dx, dy] = [degreesEast(ax, bx) * scale.lon, (by - ay) * scale.lat];
    const lengthM = Math.hypot(dx, dy);
    const share = lengthM === 0 ? 0 : Math.max(0, Math.min(1, -(fromX * dx + fromY * dy) / lengthM ** 2));
    const offsetM = Math.hypot(fromX + share * dx, fromY + share * dy);
    const here = { offsetM, alongM: passedM + share * lengthM };
    if (offsetM < nearest.offsetM) nearest = here;
    if (offsetM <= withinM) {
      if (!run || offsetM < run.offsetM) run = here;
    } else if (run) {
      runs.push(run);
      run = undefined;
    }
    passedM += lengthM;
  }
  if (run) runs.push(run);
  const [first = nearest, ...others] = runs;
  return [first, ...others];
}

/** Degrees from one longitude east to another, across 180° the short way. */
export function degreesEast(from: number, to: number): number {
  const east = to - from;
  return east > 180 ? east - 360 : east < -180 ? east + 360 : east;
}

/** A longitude that went on across 180°, as it is written. */
export const asLongitude = (lon: number): number => degreesEast(0, lon);

/** Metres between two points, planar at their middle latitude: better than a thousandth within 100 km; across 180° the short way. */
export function metresBetween(ax: number, ay: number, bx: number, by: number): number {
  const scale = metresPerDegree((ay + by) / 2);
  return Math.hypot(degreesEast(ax, bx) * scale.lon, (by - ay) * scale.lat);
}

interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/** The point that divides the way from a to b by `share`, 0 to 1; across 180° the short way. */
export const between = (a: LonLat, b: LonLat, share: number): LonLat => ({
  lon: asLongitude(a.lon + degreesEast(a.lon, b.lon) * share),
  lat: a.lat + (b.lat - a.lat) * share,
});

/** Length of a line, metres. */
export const lengthOf = (line: Line): number =>
  line.reduce((sum, [x, y], i) => {
    const [px, py] = line[i - 1] ?? [x, y];
    return sum + metresBetween(px, py, x, y);
  }, 0);
