import type { Shape, Solid } from './solids.ts';

const litre = 1e6;

/** Volume of a shape, litres. */
export function litresOf(shape: Shape): number {
  switch (shape.kind) {
    case 'box':
      return ((shape.x[1] - shape.x[0]) * (shape.y[1] - shape.y[0]) * (shape.z[1] - shape.z[0])) / litre;
    case 'cylinder': {
      const { from, to, radius } = shape;
      return (Math.PI * radius ** 2 * Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2])) / litre;
    }
    case 'ellipsoid':
      return ((4 / 3) * Math.PI * shape.radii[0] * shape.radii[1] * shape.radii[2]) / litre;
    case 'turned':
      return (8 * shape.halves[0] * shape.halves[1] * shape.halves[2]) / litre;
    case 'profile': {
      let twice = 0;
      for (let i = 0; i < shape.outline.length; i++) {
        const [x0, z0] = shape.outline[i] as readonly [number, number];
        const [x1, z1] = shape.outline[(i + 1) % shape.outline.length] as readonly [number, number];
        twice += x0 * z1 - x1 * z0;
      }
      return (Math.abs(twice / 2) * (shape.y[1] - shape.y[0])) / litre;
    }
  }
}

/** Mass of a solid, kg: negative for what is taken away. */
export function massKgOf({ shape, density, pattern }: Solid): number {
  const mean = pattern
    ? pattern.parts.reduce((sum, part) => sum + part.mm * part.share, 0) /
      pattern.parts.reduce((sum, part) => sum + part.mm, 0)
    : 1;
  return litresOf(shape) * density * mean;
}
