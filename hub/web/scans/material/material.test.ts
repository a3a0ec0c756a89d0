import { describe, expect, test } from 'vitest';
import { depthTable } from '../pixels/depth.ts';
import { cellSize, cellsOf, evenness } from './cells.ts';
import { classAt, classTable, placeOf } from './class-table.ts';
import { confidenceOf } from './confidence.ts';
import { arealMass, curvesOf, isOwnBeam, materialClasses, ratioOf } from './curves.ts';

const beam = curvesOf([6, 4]);
if (!beam) throw new Error('There are curves of 6/4 MV.');
const table = classTable(beam);

describe('curves', () => {
  test('the nearest beam is taken, in either order; one energy tells no material', () => {
    expect(curvesOf([4, 6])).toBe(beam);
    expect(curvesOf([9, 6])?.highMv).toBe(9);
    expect(curvesOf([6, 3.6])?.lowMv).toBe(3.5);
    expect(isOwnBeam(beam, [6, 4])).toBe(true);
    expect(isOwnBeam(beam, [6, 3.9])).toBe(false);
    expect(curvesOf([6])).toBeUndefined();
    expect(curvesOf([6, 6])).toBeUndefined();
  });
  test('areal mass grows with depth, from nought', () => {
    expect(arealMass(beam, 0)).toBe(0);
    expect(arealMass(beam, -0.1)).toBe(0);
    // 60 g/cm2 of aluminium let 7.4 % through at 6 MV (research table, Schiff spectrum and 25 mm of CdWO4).
    expect(arealMass(beam, -Math.log(0.0737))).toBeCloseTo(60, 0);
    for (let depth = 0.05; depth < 10; depth += 0.05)
      expect(arealMass(beam, depth)).toBeGreaterThan(arealMass(beam, depth - 0.05));
  });
});

describe('classes', () => {
  test('on its curve a class is itself, and sure where neither thin nor dense', () => {
    for (const name of materialClasses) {
      const found = classAt(table, 2, ratioOf(beam, name, 2));
      expect(found.name).toBe(name);
      expect(found.sure).toBeGreaterThan(0.6);
    }
  });

  test('between two curves a class is between', () => {
    const order = materialClasses.map((name) => ratioOf(beam, name, 2));
    const middle = ((order[1] ?? 0) + (order[2] ?? 0)) / 2;
    expect(placeOf(order, middle)).toBeCloseTo(1.5, 9);
    let last = 0;
    for (let ratio = 1.3; ratio > 1; ratio -= 0.001) {
      const place = placeOf(order, ratio);
      expect(place).toBeGreaterThanOrEqual(last);
      last = place;
    }
  });

  test('thin lead looks organic, then mineral, then steel: none of them is sure as thin as that', () => {
    for (const depth of [0.15, 0.3, 0.5, 0.6])
      expect(classAt(table, depth, ratioOf(beam, 'heavy', depth)).sure).toBe(0);
    for (const name of materialClasses) expect(classAt(table, 0.2, ratioOf(beam, name, 0.2)).sure).toBe(0);
    // Where lead crosses a curve, what lies on that curve is not told, nor anything of the class that is thinner.
    for (const name of ['organic', 'inorganic', 'metal'] as const) {
      const sure = confidenceOf(beam, name, 1000);
      const crossing = sure.findIndex((_, i) => {
        const depth = ((i + 0.5) / 1000) * 10;
        return ratioOf(beam, 'heavy', depth) < ratioOf(beam, name, depth);
      });
      expect(crossing).toBeGreaterThan(10);
      expect(Math.max(...sure.subarray(0, crossing))).toBe(0);
    }
  });

  test('heavy is never said where lead has not left steel behind', () => {
    for (let depth = 0.05; depth < 1.2; depth += 0.05)
      for (let ratio = 1; ratio < 1.3; ratio += 0.005) {
        const { name, sure } = classAt(table, depth, ratio);
        if (name === 'heavy') expect(sure).toBeLessThan(0.05);
      }
  });

  test('what is too dense is not told: noise and scatter are all that is left', () => {
    for (const name of materialClasses) {
      expect(classAt(table, 8, ratioOf(beam, name, 8)).sure).toBeLessThan(0.2);
      expect(classAt(table, 5.5, ratioOf(beam, name, 5.5)).sure).toBeLessThan(
        classAt(table, 2.5, ratioOf(beam, name, 2.5)).sure,
      );
    }
  });
});

describe('the region-averaged map', () => {
  const depths = depthTable(60_000);
  const [columns, rows] = [64, 64];
  /** Depth and ratio by place, with the noise of counting (a fixed sequence). */
  function scene(at: (x: number, y: number) => { depth: number; ratio: number }, noise = 0): Uint16Array {
    const samples = new Uint16Array(columns * 2 * rows);
    let seed = 1;
    const gauss = () => {
      let sum = 0;
      for (let i = 0; i < 12; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        sum += seed / 2_147_483_648;
      }
      return sum - 6;
    };
    for (let x = 0; x < columns; x++)
      for (let y = 0; y < rows; y++) {
        const { depth, ratio } = at(x, y);
        for (const [plane, value] of [depth, depth * ratio].entries())
          samples[(x * 2 + plane) * rows + y] = Math.round(60_000 * Math.exp(-value - noise * gauss()));
      }
    return samples;
  }
  const cells = (samples: Uint16Array) =>
    cellsOf({ samples, columns, rows, planes: 2, high: 0, low: 1, depths, size: cellSize(1) });
  const at = (map: ReturnType<typeof cells>, x: number, y: number) => {
    const i = (Math.floor(x / 4) * map.rows + Math.floor(y / 4)) * 3;
    return { depth: map.data[i] ?? 0, ratio: map.data[i + 1] ?? 0, even: map.data[i + 2] ?? 0 };
  };

  test('noise that hides a class in one pixel is averaged away', () => {
    const map = cells(scene(() => ({ depth: 1.5, ratio: ratioOf(beam, 'organic', 1.5) }), 0.01));
    for (const [x, y] of [
      [12, 12],
      [40, 30],
      [50, 52],
    ] as const) {
      const { ratio, even } = at(map, x, y);
      expect(Math.abs(ratio - ratioOf(beam, 'organic', 1.5))).toBeLessThan(0.004);
      expect(even).toBeGreaterThan(0.9);
    }
  });

  test('a thing keeps its material up to its edge, and the air beside it weighs nothing', () => {
    const map = cells(scene((x) => (x < 32 ? { depth: 1.2, ratio: 1.18 } : { depth: 4, ratio: 1.145 })));
    expect(at(map, 29, 30).ratio).toBeCloseTo(1.18, 2);
    expect(at(map, 33, 30).ratio).toBeCloseTo(1.145, 2);
  });

  test('where depth jumps from pixel to pixel nothing is sure', () => {
    const posts = cells(scene((x) => ({ depth: x % 3 === 0 ? 3 : 0.3, ratio: 1.15 })));
    expect(at(posts, 30, 30).even).toBeLessThan(0.25);
    expect(evenness(1, 0)).toBe(1);
    expect(evenness(1, 0.5)).toBeLessThan(0.05);
  });
});
