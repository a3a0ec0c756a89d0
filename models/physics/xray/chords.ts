import type { Point } from './solids.ts';

/**
 * Lengths of rays inside shapes, mm. A ray starts at the source (y = 0, z = `height`) and rises by `slope` a millimetre
 * of y; y here is counted from the source, all in the plane of one x.
 */

/** Inside the rectangle y0..y1 x z0..z1. */
export function rectangleChord(
  y0: number,
  y1: number,
  z0: number,
  z1: number,
  slope: number,
  height: number,
): number {
  let near = y0;
  let far = y1;
  if (slope > -1e-12 && slope < 1e-12) {
    if (height < z0 || height > z1) return 0;
  } else {
    const low = (z0 - height) / slope;
    const high = (z1 - height) / slope;
    const first = low < high ? low : high;
    const second = low < high ? high : low;
    if (first > near) near = first;
    if (second < far) far = second;
  }
  return far > near ? (far - near) * Math.sqrt(1 + slope * slope) : 0;
}

/** Inside the ellipse around (y, z) with the radii ry and rz. */
export function ellipseChord(
  y: number,
  z: number,
  ry: number,
  rz: number,
  slope: number,
  height: number,
): number {
  const rise = height - z;
  const a = 1 / (ry * ry) + (slope * slope) / (rz * rz);
  const b = -y / (ry * ry) + (slope * rise) / (rz * rz);
  const c = (y * y) / (ry * ry) + (rise * rise) / (rz * rz) - 1;
  const d = b * b - a * c;
  return d > 0 ? (2 * Math.sqrt(d) * Math.sqrt(1 + slope * slope)) / a : 0;
}

/** Length in a shape of the ray in the plane of x that rises by `slope`. */
export type Chord = (x: number, slope: number) => number;

/** A turned box: half sizes along three unit vectors; `centre` and `height` with y from the source. */
export function turnedBox(
  centre: Point,
  halves: Point,
  axes: readonly [Point, Point, Point],
  height: number,
): Chord {
  const [cx, cy, cz] = centre;
  const flat = Float64Array.from(axes.flat());
  return (x, slope) => {
    let near = Number.NEGATIVE_INFINITY;
    let far = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const [ax, ay, az] = [flat[3 * i] as number, flat[3 * i + 1] as number, flat[3 * i + 2] as number];
      const half = halves[i] as number;
      const start = (x - cx) * ax - cy * ay + (height - cz) * az;
      const along = ay + slope * az;
      if (along > -1e-12 && along < 1e-12) {
        if (start > half || start < -half) return 0;
        continue;
      }
      const a = (-half - start) / along;
      const b = (half - start) / along;
      near = Math.max(near, Math.min(a, b));
      far = Math.min(far, Math.max(a, b));
    }
    return far > near ? (far - near) * Math.sqrt(1 + slope * slope) : 0;
  };
}

/** A cylinder with flat ends, its axis anyhow; y from the source. */
export function tiltedCylinder(from: Point, to: Point, radius: number, height: number): Chord {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  const ax = (to[0] - from[0]) / length;
  const ay = (to[1] - from[1]) / length;
  const az = (to[2] - from[2]) / length;
  return (x, slope) => {
    const [ox, oy, oz] = [x - from[0], -from[1], height - from[2]];
    const start = ox * ax + oy * ay + oz * az;
    const along = ay + slope * az;
    const square = 1 + slope * slope;
    const a = square - along * along;
    const b = oy + slope * oz - start * along;
    const c = ox * ox + oy * oy + oz * oz - start * start - radius * radius;
    let near = Number.NEGATIVE_INFINITY;
    let far = Number.POSITIVE_INFINITY;
    if (a < 1e-12) {
      if (c > 0) return 0;
    } else {
      const d = b * b - a * c;
      if (d <= 0) return 0;
      near = (-b - Math.sqrt(d)) / a;
      far = (-b + Math.sqrt(d)) / a;
    }
    if (along > -1e-12 && along < 1e-12) {
      if (start < 0 || start > length) return 0;
    } else {
      const p = -start / along;
      const q = (length - start) / along;
      near = Math.max(near, Math.min(p, q));
      far = Math.min(far, Math.max(p, q));
    }
    return far > near ? (far - near) * Math.sqrt(square) : 0;
  };
}
