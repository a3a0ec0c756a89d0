import { type MaterialId, materials } from './materials.ts';
import {
  box,
  cylinder,
  type Pattern,
  type Point,
  type Role,
  type Shape,
  type Solid,
  type Span,
  shrink,
} from './solids.ts';

/** Collects the solids of one thing. */
export class Assembly {
  readonly solids: Solid[] = [];
  readonly #role: Role;
  readonly #load: number | undefined;

  constructor(role: Role = 'structure', load?: number) {
    this.#role = role;
    this.#load = load;
  }

  /** `density` in g/cm3 where it is not that of the solid material. */
  add(shape: Shape, material: MaterialId, density?: number, pattern?: Pattern): void {
    this.solids.push({
      shape,
      material,
      density: density ?? materials[material].densityGCm3,
      role: this.#role,
      ...(this.#load === undefined ? {} : { load: this.#load }),
      ...(pattern ? { pattern } : {}),
    });
  }

  block(x: Span, y: Span, z: Span, material: MaterialId, density?: number, pattern?: Pattern): void {
    this.add(box(x, y, z), material, density, pattern);
  }

  /** Six walls of one thickness. */
  hollow(x: Span, y: Span, z: Span, wallMm: number, material: MaterialId): void {
    this.block(x, y, z, material);
    this.add(shrink(x, y, z, wallMm), material, -materials[material].densityGCm3);
  }

  /** A tube with closed ends of the same thickness. */
  tube(from: Point, to: Point, radius: number, wallMm: number, material: MaterialId): void {
    this.add(cylinder(from, to, radius), material);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const inset = (a: Point, b: Point): Point => [
      a[0] + ((b[0] - a[0]) * wallMm) / length,
      a[1] + ((b[1] - a[1]) * wallMm) / length,
      a[2] + ((b[2] - a[2]) * wallMm) / length,
    ];
    this.add(
      cylinder(inset(from, to), inset(to, from), radius - wallMm),
      material,
      -materials[material].densityGCm3,
    );
  }

  /** A ring around an axis: a cylinder less a thinner one. */
  ring(from: Point, to: Point, outer: number, inner: number, material: MaterialId, density?: number): void {
    const of = density ?? materials[material].densityGCm3;
    this.add(cylinder(from, to, outer), material, of);
    this.add(cylinder(from, to, inner), material, -of);
  }
}
