import { metresPerDegree } from '../geo/distance.ts';

export interface Circle {
  /** Middle, degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly radiusM: number;
  /** Root mean square of the distances of the points from the line of the circle, metres. */
  readonly rmsM: number;
  /** Greatest angle between neighbours on it, radians: what of the circle no point stands on. */
  readonly gapRad: number;
}

/**
 * The circle nearest to points, by least squares of the algebraic distance (Kasa 1976). Undefined for fewer than three,
 * or when they lie on a line.
 */
export function circleOf(lon: readonly number[], lat: readonly number[]): Circle | undefined {
  const n = lon.length;
  if (n < 3) return undefined;
  const [lon0, lat0] = [mean(lon), mean(lat)];
  const scale = metresPerDegree(lat0);
  const x = lon.map((value) => (value - lon0) * scale.lon);
  const y = lat.map((value) => (value - lat0) * scale.lat);
  const z = x.map((value, i) => value * value + (y[i] as number) ** 2);
  // About the mean the normal equations fall apart into two unknowns and the radius.
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const [xx, xy, yy, xz, yz] = [dot(x, x), dot(x, y), dot(y, y), dot(x, z), dot(y, z)];
  const det = xx * yy - xy * xy;
  if (!(det > 1e-6 * xx * yy)) return undefined;
  const cx = (xz * yy - yz * xy) / det / 2;
  const cy = (yz * xx - xz * xy) / det / 2;
  const radiusM = Math.sqrt(cx * cx + cy * cy + mean(z));
  const off = x.map((value, i) => Math.hypot(value - cx, (y[i] as number) - cy) - radiusM);
  const angles = x.map((value, i) => Math.atan2((y[i] as number) - cy, value - cx)).sort((a, b) => a - b);
  const turns = angles.map((angle, i) => (angles[i + 1] ?? (angles[0] as number) + 2 * Math.PI) - angle);
  return {
    lon: lon0 + cx / scale.lon,
    lat: lat0 + cy / scale.lat,
    radiusM,
    rmsM: Math.sqrt(mean(off.map((value) => value * value))),
    gapRad: Math.max(...turns),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
