import type { Shape, Span } from './solids.ts';

/** The upright box around a shape, mm. */
export interface Extent {
  readonly x: Span;
  readonly y: Span;
  readonly z: Span;
}

export function extentOf(shape: Shape): Extent {
  switch (shape.kind) {
    case 'box':
      return shape;
    case 'profile': {
      const xs = shape.outline.map(([x]) => x);
      const zs = shape.outline.map(([, z]) => z);
      return { x: [Math.min(...xs), Math.max(...xs)], y: shape.y, z: [Math.min(...zs), Math.max(...zs)] };
    }
    case 'ellipsoid':
      return around(shape.centre, shape.centre, (i) => shape.radii[i] as number);
    case 'turned': {
      const reach = (i: number) =>
        shape.axes.reduce(
          (sum, axis, k) => sum + Math.abs(axis[i] as number) * (shape.halves[k] as number),
          0,
        );
      return around(shape.centre, shape.centre, reach);
    }
    case 'cylinder': {
      const { from, to, radius } = shape;
      const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
      const reach = (i: number) =>
        radius * Math.sqrt(Math.max(0, 1 - (((to[i] as number) - (from[i] as number)) / length) ** 2));
      return around(from, to, reach);
    }
  }
}

function around(a: readonly number[], b: readonly number[], reach: (i: number) => number): Extent {
  const span = (i: number): Span => [
    Math.min(a[i] as number, b[i] as number) - reach(i),
    Math.max(a[i] as number, b[i] as number) + reach(i),
  ];
  return { x: span(0), y: span(1), z: span(2) };
}
