/** A line on the ground that something drives along. Coordinates are [lon, lat] in degrees. */
export type Coordinate = readonly [lon: number, lat: number];

export interface Path {
  readonly points: readonly Coordinate[];
  /** Metres from the start at each point. */
  readonly distancesM: readonly number[];
  readonly lengthM: number;
}

const metresPerDegree = 111_320;

const stepM = (a: Coordinate, b: Coordinate): number =>
  Math.hypot(
    (b[0] - a[0]) * metresPerDegree * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180),
    (b[1] - a[1]) * metresPerDegree,
  );

export function toPath(points: readonly Coordinate[]): Path {
  const distancesM = [0];
  for (let i = 1; i < points.length; i++) {
    distancesM.push((distancesM[i - 1] ?? 0) + stepM(points[i - 1] as Coordinate, points[i] as Coordinate));
  }
  return { points, distancesM, lengthM: distancesM.at(-1) ?? 0 };
}

/** Where one is after `distanceM`, and the course there, degrees clockwise from north. */
export function along(path: Path, distanceM: number): { lon: number; lat: number; courseDeg: number } {
  const last = path.points.length - 1;
  let i = 1;
  while (i < last && (path.distancesM[i] ?? 0) < distanceM) i++;
  const from = path.points[i - 1] as Coordinate;
  const to = path.points[i] as Coordinate;
  const start = path.distancesM[i - 1] ?? 0;
  const length = (path.distancesM[i] ?? 0) - start || 1;
  const share = Math.min(1, Math.max(0, (distanceM - start) / length));
  const east = (to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180);
  const courseDeg = (Math.atan2(east, to[1] - from[1]) * 180) / Math.PI;
  return {
    lon: from[0] + (to[0] - from[0]) * share,
    lat: from[1] + (to[1] - from[1]) * share,
    courseDeg: (courseDeg + 360) % 360,
  };
}
