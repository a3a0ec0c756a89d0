import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Beam } from './beam.ts';
import { ellipseChord, rectangleChord, tiltedCylinder, turnedBox } from './chords.ts';
import { fanOf } from './fan.ts';
import { PatternMean, roundsPattern } from './pattern.ts';
import { scanners } from './scanner.ts';
import { box, cylinder, type Shape, type Solid, turnedAxes } from './solids.ts';
import { Tracer } from './trace.ts';
import { litresOf } from './volume.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('chords', () => {
  it('are those of the circle, whatever way it is written', () => {
    fc.assert(
      fc.property(
        number(1000, 5000),
        number(-900, 900),
        number(10, 900),
        number(-0.4, 0.4),
        (y, z, r, slope) => {
          // Distance of the centre from the ray, then Pythagoras.
          const miss = Math.abs(z - slope * y) / Math.hypot(1, slope);
          const expected = miss < r ? 2 * Math.sqrt(r * r - miss * miss) : 0;
          expect(ellipseChord(y, z, r, r, slope, 0)).toBeCloseTo(expected, 2);
          const lying = tiltedCylinder([-5000, y, z], [5000, y, z], r, 0);
          expect(lying(12, slope)).toBeCloseTo(expected, 2);
        },
      ),
    );
  });

  it('are those of the rectangle, whatever way it is written', () => {
    fc.assert(
      fc.property(
        number(2000, 5000),
        number(-900, 900),
        number(50, 500),
        number(50, 500),
        number(-0.4, 0.4),
        (y, z, a, b, slope) => {
          const straight = rectangleChord(y - a, y + a, z - b, z + b, slope, 0);
          const turned = turnedBox([0, y, z], [100, a, b], turnedAxes(0, 0), 0);
          expect(turned(5, slope)).toBeCloseTo(straight, 6);
          expect(turned(101, slope)).toBe(0);
          // Never longer than the diagonal, and the full depth when the ray stays inside.
          expect(straight).toBeLessThanOrEqual(2 * Math.hypot(a, b) + 1e-6);
          const inside = [y - a, y + a].every((at) => Math.abs(slope * at - z) < b);
          if (inside) expect(straight).toBeCloseTo(2 * a * Math.hypot(1, slope), 6);
        },
      ),
    );
  });

  it('of a tilted cylinder agree with steps along the ray', () => {
    fc.assert(
      fc.property(number(-1, 1), number(-1, 1), number(-200, 200), number(-0.3, 0.3), (dx, dz, x, slope) => {
        const from = [-300, 3000 - 200, -150] as const;
        const to = [-300 + 600 * dx, 3000 + 200, -150 + 300 * dz] as const;
        const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
        const inside = (t: number) => {
          const p = [x - from[0], t - from[1], slope * t - from[2]] as const;
          const along =
            (p[0] * (to[0] - from[0]) + p[1] * (to[1] - from[1]) + p[2] * (to[2] - from[2])) / length;
          const off = p[0] ** 2 + p[1] ** 2 + p[2] ** 2 - along ** 2;
          return along > 0 && along < length && off < 160 ** 2;
        };
        let steps = 0;
        for (let t = 2400; t < 3600; t += 0.5) if (inside(t)) steps++;
        const chord = tiltedCylinder([...from], [...to], 160, 0)(x, slope);
        expect(Math.abs(chord - 0.5 * steps * Math.hypot(1, slope))).toBeLessThan(1.6);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the tracer', () => {
  const beam = new Beam(6, 4);
  const scanner = scanners.g1;
  const fan = fanOf(scanner, 5);
  const load = (shape: Shape, density = 1): Solid => ({
    shape,
    material: 'water',
    density,
    role: 'load',
    load: 0,
  });

  /**
   * Sum of the areal density over the picture, brought back to the plane of the thing: its mass. A thin thing in the
   * middle of the lane is magnified by 1, and rays through it are longer than it by their slant.
   */
  const massKg = (solids: readonly Solid[], columnMm: number) => {
    const tracer = new Tracer(solids, fan, beam);
    const line = tracer.newLine();
    let grams = 0;
    for (let x = -1500; x < 1500; x += columnMm) {
      tracer.line(x, x + columnMm, line);
      line.load.forEach((areal, row) => {
        const slope = fan.quick.slopes[row * fan.quick.perRow] as number;
        grams += (areal / Math.hypot(1, slope)) * ((columnMm * fan.pixelMm) / 100);
      });
    }
    return grams / 1000;
  };

  it.each([
    ['box', box([-300, 350], [-50, 50], [1000, 1700])],
    ['cylinder across', cylinder([0, -50, 1350], [0, 50, 1350], 400)],
    ['upright cylinder', cylinder([13, 0, 900], [13, 0, 1600], 60)],
    ['cylinder along', cylinder([-400, 0, 1500], [700, 0, 1500], 60)],
    ['tilted cylinder', cylinder([-400, -40, 1000], [500, 40, 1600], 60)],
    ['ellipsoid', { kind: 'ellipsoid', centre: [0, 0, 1400], radii: [500, 70, 300] }],
    [
      'turned box',
      { kind: 'turned', centre: [0, 0, 1400], halves: [300, 40, 200], axes: turnedAxes(0.1, 0.5) },
    ],
    [
      'profile',
      {
        kind: 'profile',
        outline: [
          [-300, 1000],
          [300, 1000],
          [100, 1500],
          [-300, 1400],
        ],
        y: [-40, 40],
      },
    ],
  ] satisfies [string, Shape][])('shows the mass of a %s', (_, shape) => {
    expect(massKg([load(shape)], 10) / litresOf(shape)).toBeCloseTo(1, 1.7);
  });

  it('adds up, takes away, and is not moved by where lines begin', () => {
    const outer = load(box([-300, 350], [-50, 50], [1000, 1700]));
    const inner = load(box([-200, 250], [-40, 40], [1100, 1600]), -1);
    const shell = massKg([outer, inner], 10);
    const hollow = litresOf(outer.shape) - litresOf(inner.shape);
    expect(shell / hollow).toBeCloseTo(1, 1.7);
    expect(massKg([outer], 23) / massKg([outer], 10)).toBeCloseTo(1, 2);
  });
});

describe('a pattern along the travel', () => {
  it('has the mean of its parts over whole periods, and no jump between lines', () => {
    const cans = new PatternMean(roundsPattern(17, 70, 66));
    expect(cans.over(17, 17 + 700)).toBeCloseTo((66 * Math.PI) / 4 / 70, 2);
    fc.assert(
      fc.property(number(-500, 500), number(1, 80), number(1, 80), (x, a, b) => {
        const whole = cans.over(x, x + a + b) * (a + b);
        expect(cans.over(x, x + a) * a + cans.over(x + a, x + a + b) * b).toBeCloseTo(whole, 6);
      }),
    );
  });
});
