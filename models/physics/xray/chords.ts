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
  if (Math.abs(slope) < 1e-12) {
    if (height < z0 || height > z1) return 0;
  } else {
    const a = (z0 - height) / slope;
    const b = (z1 - height) / slope;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
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

const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Inside a turned box, the ray through (x, 0, height) along (0, 1, slope). */
export function turnedBoxChord(
  centre: Point,
  halves: Point,
  axes: readonly [Point, Point, Point],
  x: number,
  slope: number,
  height: number,
): number {
  const origin: Point = [x - centre[0], -centre[1], height - centre[2]];
  let near = Number.NEGATIVE_INFINITY;
  let far = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const axis = axes[i] as Point;
    const half = halves[i] as number;
    const start = dot(origin, axis);
    const along = axis[1] + slope * axis[2];
    if (Math.abs(along) < 1e-12) {
      if (Math.abs(start) > half) return 0;
      continue;
    }
    const a = (-half - start) / along;
    const b = (half - start) / along;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return far > near ? (far - near) * Math.sqrt(1 + slope * slope) : 0;
}

/** Inside a cylinder with flat ends, its axis from `from` along the unit vector `axis`. */
export function cylinderChord(
  from: Point,
  axis: Point,
  length: number,
  radius: number,
  x: number,
  slope: number,
  height: number,
): number {
  const origin: Point = [x - from[0], -from[1], height - from[2]];
  const start = dot(origin, axis);
  const along = axis[1] + slope * axis[2];
  const square = 1 + slope * slope;
  const a = square - along * along;
  const b = origin[1] + slope * origin[2] - start * along;
  const c = dot(origin, origin) - start * start - radius * radius;
  let near = Number.NEGATIVE_INFINITY;
  let far = Number.POSITIVE_INFINITY;
  if (a < 1e-12) {
    if (c > 0) return 0;
  } else {
    const d = b * b - a * c;
    if (d <= 0) return 0;
    const root = Math.sqrt(d);
    near = (-b - root) / a;
    far = (-b + root) / a;
  }
  if (Math.abs(along) < 1e-12) {
    if (start < 0 || start > length) return 0;
  } else {
    const p = -start / along;
    const q = (length - start) / along;
    near = Math.max(near, Math.min(p, q));
    far = Math.min(far, Math.max(p, q));
  }
  return far > near ? (far - near) * Math.sqrt(square) : 0;
}
