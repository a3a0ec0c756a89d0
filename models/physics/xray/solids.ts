import type { MaterialId } from './materials.ts';

/**
 * Solids of a scene, mm. x runs along the object from its front to its rear, y away from the source with 0 in the
 * middle of the lane, z up from the road. Areal densities add up, so a hollow thing is its outside minus its inside:
 * a solid of negative density.
 */

export type Point = readonly [x: number, y: number, z: number];
export type Span = readonly [from: number, to: number];

export type Shape =
  | { readonly kind: 'box'; readonly x: Span; readonly y: Span; readonly z: Span }
  | { readonly kind: 'cylinder'; readonly from: Point; readonly to: Point; readonly radius: number }
  | { readonly kind: 'ellipsoid'; readonly centre: Point; readonly radii: Point }
  /** A convex outline seen from the side, of one thickness across. */
  | { readonly kind: 'profile'; readonly outline: readonly (readonly [number, number])[]; readonly y: Span }
  /** A box turned: half sizes along three unit vectors. */
  | {
      readonly kind: 'turned';
      readonly centre: Point;
      readonly halves: Point;
      readonly axes: readonly [Point, Point, Point];
    };

/** Density along x that repeats: how much of a mean of `shares`, each over its length in mm. */
export interface Pattern {
  readonly startMm: number;
  readonly parts: readonly { readonly mm: number; readonly share: number }[];
}

export type Role = 'structure' | 'accepted' | 'load';

export interface Solid {
  readonly shape: Shape;
  readonly material: MaterialId;
  /** g/cm3 as packed; negative takes away. */
  readonly density: number;
  readonly role: Role;
  /** Which of the scene's loads it belongs to. */
  readonly load?: number;
  readonly pattern?: Pattern;
}

export const box = (x: Span, y: Span, z: Span): Shape => ({ kind: 'box', x, y, z });

/** A box's walls of one thickness as outside and inside. */
export const shrink = (x: Span, y: Span, z: Span, by: number): Shape =>
  box([x[0] + by, x[1] - by], [y[0] + by, y[1] - by], [z[0] + by, z[1] - by]);

export const cylinder = (from: Point, to: Point, radius: number): Shape => ({
  kind: 'cylinder',
  from,
  to,
  radius,
});

/** Three perpendicular unit vectors: turned by `yaw` about z, then by `pitch` about the new y. */
export function turnedAxes(yaw: number, pitch: number): readonly [Point, Point, Point] {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [
    [cy * cp, sy * cp, sp],
    [-sy, cy, 0],
    [-cy * sp, -sy * sp, cp],
  ];
}
