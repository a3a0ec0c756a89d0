import { type Chord, ellipseChord, rectangleChord, tiltedCylinder, turnedBox } from './chords.ts';
import type { Fan, Rays } from './fan.ts';
import type { Point, Shape } from './solids.ts';

/** What the plane of a line cuts out of a shape: nothing, a rectangle or an ellipse in y and z, or what rays must find. */
export class Cut {
  kind: 'nothing' | 'rectangle' | 'ellipse' | 'rays' = 'nothing';
  /** Rectangle: y0, y1, z0, z1. Ellipse: y, z and its radii. y is counted from the source. */
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  x = 0;
  chord: Chord | undefined;

  rectangle(y0: number, y1: number, z0: number, z1: number): void {
    this.kind = y1 > y0 && z1 > z0 ? 'rectangle' : 'nothing';
    this.a = y0;
    this.b = y1;
    this.c = z0;
    this.d = z1;
  }

  ellipse(y: number, z: number, ry: number, rz: number): void {
    this.kind = ry > 0 && rz > 0 ? 'ellipse' : 'nothing';
    this.a = y;
    this.b = z;
    this.c = ry;
    this.d = rz;
  }

  /** Mean chords, mm, of the rows row0..row1 into `into` from its start. */
  chords(fan: Fan, rays: Rays, row0: number, row1: number, into: Float64Array): void {
    const { slopes, perRow } = rays;
    const height = fan.sourceHeightMm;
    const { a, b, c, d, kind, chord, x } = this;
    if (kind === 'nothing') {
      into.fill(0, 0, row1 - row0);
      return;
    }
    for (let row = row0; row < row1; row++) {
      let sum = 0;
      const last = (row + 1) * perRow;
      if (kind === 'rectangle')
        for (let ray = row * perRow; ray < last; ray++)
          sum += rectangleChord(a, b, c, d, slopes[ray] as number, height);
      else if (kind === 'ellipse')
        for (let ray = row * perRow; ray < last; ray++)
          sum += ellipseChord(a, b, c, d, slopes[ray] as number, height);
      else if (chord) for (let ray = row * perRow; ray < last; ray++) sum += chord(x, slopes[ray] as number);
      into[row - row0] = sum / perRow;
    }
  }
}

/** Cuts a shape at any x. `constant`: it is cut the same everywhere. */
export interface Cutter {
  readonly constant: boolean;
  readonly at: (x: number, cut: Cut) => void;
}

export function cutterOf(shape: Shape, fan: Fan): Cutter {
  const away = fan.distanceMm;
  switch (shape.kind) {
    case 'box': {
      const { y, z } = shape;
      return { constant: true, at: (_, cut) => cut.rectangle(y[0] + away, y[1] + away, z[0], z[1]) };
    }
    case 'profile': {
      const { outline, y } = shape;
      const low = edgeOf(outline, Math.min);
      const high = edgeOf(outline, Math.max);
      return {
        constant: false,
        at: (x, cut) => cut.rectangle(y[0] + away, y[1] + away, low(x), high(x)),
      };
    }
    case 'ellipsoid': {
      const [x0, y, z] = shape.centre;
      const [rx, ry, rz] = shape.radii;
      const at = (x: number, cut: Cut) => {
        const share = Math.sqrt(Math.max(0, 1 - ((x - x0) / rx) ** 2));
        cut.ellipse(y + away, z, ry * share, rz * share);
      };
      return { constant: false, at };
    }
    case 'turned':
      return followed(turnedBox(shifted(shape.centre, away), shape.halves, shape.axes, fan.sourceHeightMm));
    case 'cylinder':
      return cylinderCutter(shape.from, shape.to, shape.radius, fan);
  }
}

function cylinderCutter(from: Point, to: Point, radius: number, fan: Fan): Cutter {
  const away = fan.distanceMm;
  const [x0, y0, z0] = from;
  const [x1, y1, z1] = to;
  const halfAt = (x: number) => Math.sqrt(Math.max(0, radius ** 2 - (x - x0) ** 2));
  if (y0 === y1 && z0 === z1)
    return { constant: true, at: (_, cut) => cut.ellipse(y0 + away, z0, radius, radius) };
  if (x0 === x1 && z0 === z1) {
    const [near, far] = [Math.min(y0, y1) + away, Math.max(y0, y1) + away];
    return {
      constant: false,
      at: (x, cut) => cut.rectangle(near, far, z0 - halfAt(x), z0 + halfAt(x)),
    };
  }
  if (x0 === x1 && y0 === y1) {
    const [low, high] = [Math.min(z0, z1), Math.max(z0, z1)];
    return {
      constant: false,
      at: (x, cut) => cut.rectangle(y0 + away - halfAt(x), y0 + away + halfAt(x), low, high),
    };
  }
  return followed(tiltedCylinder(shifted(from, away), shifted(to, away), radius, fan.sourceHeightMm));
}

const shifted = (p: Point, away: number): Point => [p[0], p[1] + away, p[2]];

const followed = (chord: Chord): Cutter => ({
  constant: false,
  at: (x, cut) => {
    cut.kind = 'rays';
    cut.chord = chord;
    cut.x = x;
  },
});

/** Lowest or highest point at x of a convex outline in x and z. */
function edgeOf(outline: readonly (readonly [number, number])[], pick: (a: number, b: number) => number) {
  const xs = [...new Set(outline.map(([x]) => x))].sort((a, b) => a - b);
  const zs = xs.map((x) => {
    const crossed = outline.flatMap(([xa, za], i) => {
      const [xb, zb] = outline[(i + 1) % outline.length] as readonly [number, number];
      if (x < Math.min(xa, xb) || x > Math.max(xa, xb)) return [];
      return xa === xb ? [za, zb] : [za + ((zb - za) * (x - xa)) / (xb - xa)];
    });
    return crossed.reduce((a, b) => pick(a, b));
  });
  return (x: number) => {
    let i = 1;
    while (i < xs.length - 1 && (xs[i] as number) < x) i++;
    const [xa, xb] = [xs[i - 1] as number, xs[i] as number];
    const [za, zb] = [zs[i - 1] as number, zs[i] as number];
    return za + ((zb - za) * (x - xa)) / (xb - xa);
  };
}
