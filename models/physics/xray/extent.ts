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

/** Lowest and highest point at x of a convex outline in x and z. */
export function heightAt(outline: readonly (readonly [number, number])[], x: number): Span {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < outline.length; i++) {
    const [x0, z0] = outline[i] as readonly [number, number];
    const [x1, z1] = outline[(i + 1) % outline.length] as readonly [number, number];
    if (x0 === x1 || x < Math.min(x0, x1) || x > Math.max(x0, x1)) continue;
    const z = z0 + ((z1 - z0) * (x - x0)) / (x1 - x0);
    low = Math.min(low, z);
    high = Math.max(high, z);
  }
  return [low, high];
}
