import { describe, expect, test } from 'vitest';
import { bodyAround } from './picture-body.ts';
import { type Cells, cellSize, mediansOf, scannedSize } from './picture-cells.ts';
import { ShapeScan, shapeCells, shapeKinds } from './picture-scan.ts';

const [columns, rows] = [40, 30];

/** Even cells, but for those named, which are brighter. */
function cellsWith(bright: readonly (readonly [number, number])[]): Cells {
  const values = Array.from({ length: cellSize }, () => new Float32Array(columns * rows));
  for (const [x, y] of bright) (values[0] as Float32Array)[y * columns + x] = 1;
  return { columns, rows, values };
}

/** The shape of a kind with the largest sum of brightness, and where it lies. */
function brightest(cells: Cells, kind: number) {
  let most = 0;
  return new ShapeScan().scan(cells, (row) => {
    if (row.kind !== kind) return -1;
    let found = -1;
    for (let at = row.from; at < row.to; at += row.every) {
      const sum = row.planes[0]?.[at] ?? 0;
      if (sum <= most) continue;
      [most, found] = [sum, at];
    }
    return found;
  });
}

const along = (count: number, dx: number, dy: number, x = 12, y = 14): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [x + Math.round(i * dx), y + Math.round(i * dy)] as const);

describe('a scan of shapes', () => {
  test.each([
    ['across', 1, 0],
    ['down', 0, 1],
    ['falling', 1, 1],
    ['rising', 1, -1],
    ['flat', 1, 0.41],
    ['steep', 0.41, 1],
    ['back', -0.41, 1],
  ])('finds a line that goes %s, and names its cells', (_, dx, dy) => {
    const line = along(8, dx, dy);
    const found = brightest(cellsWith(line), 3);
    expect(found?.kind).toBe(3);
    expect(found?.cells.length).toBe(shapeCells[3]);
    const hit = found?.cells.filter((cell) => line.some(([x, y]) => cell === y * columns + x)).length;
    expect(hit).toBeGreaterThanOrEqual(6);
  });

  test('adds up no cells beyond the edges', () => {
    const inside = new Set<number>();
    new ShapeScan().scan(cellsWith([]), ({ from, to, planes }) => {
      for (let at = from; at < to; at++) inside.add(at);
      expect(Math.floor(from / columns)).toBe(Math.floor((to - 1) / columns));
      expect(planes.every((plane) => Number.isFinite(plane[to - 1]))).toBe(true);
      return -1;
    });
    expect(Math.min(...inside)).toBe(0);
    expect(Math.max(...inside)).toBeLessThan(columns * rows);
  });

  test('looks at every kind of shape, and at a small picture no further than it goes', () => {
    const seen = new Set<number>();
    new ShapeScan().scan(cellsWith([]), ({ kind }) => {
      seen.add(kind);
      return -1;
    });
    expect([...seen].sort()).toEqual(shapeKinds.map((_, kind) => kind));
  });
});

describe('a body', () => {
  test('is what hangs together with its piece: its sides, its region', () => {
    const bar = along(12, 1, 0, 10, 9).flatMap(([x, y]) => [[x, y] as const, [x, y + 1] as const]);
    const cells = cellsWith(bar);
    const toLikeness = new Float64Array(scannedSize);
    toLikeness[0] = 1;
    const piece = [9, 10].map((y) => y * columns + 14);
    const { region, features } = bodyAround(cells, mediansOf(cells), piece, toLikeness);
    expect(region).toEqual({ x: 80, y: 72, width: 96, height: 16 });
    expect(Math.exp(features[cellSize] ?? 0)).toBeCloseTo(12, 6);
    expect(Math.exp(features[cellSize + 1] ?? 0)).toBeCloseTo(2, 6);
    expect(features[0]).toBeCloseTo(1, 6);
  });
});
