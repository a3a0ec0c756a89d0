import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, type TileKey } from '../pixels/levels.ts';
import { createTile, writeTile } from '../pixels/tile.ts';
import { colourOf, paletteData, paletteRows } from './palette.ts';
import { planQuads, wantedTiles } from './plan.ts';
import { bounded, fitView, length, scaleBar, toScan, toScreen, zoomedAt } from './view.ts';
import {
  endsOf,
  grey,
  moved,
  presetOf,
  presets,
  sweepAt,
  sweepSeconds,
  widened,
  windowBetween,
  windowOf,
} from './window.ts';

const size = { width: 1000, height: 400 };
const extent = { columns: 3200, rows: 1100 };

describe('the window', () => {
  test('its ends are white and black, and dense is dark unless inverted', () => {
    const window = windowBetween(1, 3);
    expect([0.5, 1, 2, 3, 4].map((d) => grey(window, d, 1, false))).toEqual([1, 1, 0.5, 0, 0]);
    expect([0.5, 1, 2, 3, 4].map((d) => grey(window, d, 1, true))).toEqual([0, 0, 0.5, 1, 1]);
    expect(grey(window, 2, 2, false)).toBeCloseTo(Math.SQRT1_2, 9);
  });

  test('the narrowest window tells two samples apart that differ by one, as dark as 0.2 %', () => {
    for (const sample of [59_000, 30_000, 1000, 120]) {
      const [a, b] = [-Math.log(sample / 60_000), -Math.log((sample + 1) / 60_000)];
      const window = windowOf((a + b) / 2, Math.abs(a - b) * 4);
      expect(Math.abs(grey(window, a, 1, false) - grey(window, b, 1, false))).toBeGreaterThan(4 / 255);
    }
  });

  test('level and width stay where there is something to see', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (level, width) => {
          const window = windowOf(level, width);
          expect(window.width).toBeGreaterThan(0);
          expect(windowOf(window.level, window.width)).toEqual(window);
          const [from, to] = endsOf(widened(moved(window, 0.3), 1.5));
          expect(to).toBeGreaterThan(from);
        },
      ),
    );
  });

  test('presets know themselves, and a sweep goes through them all and back', () => {
    for (const { name, window } of presets) expect(presetOf(window)).toBe(name);
    expect(presetOf(windowOf(1.234, 2))).toBeUndefined();
    const levels = Array.from({ length: 57 }, (_, i) => sweepAt((i / 56) * sweepSeconds).level);
    expect(Math.min(...levels)).toBeLessThan(0.5);
    expect(Math.max(...levels)).toBeGreaterThan(6.5);
    expect(sweepAt(sweepSeconds).level).toBeCloseTo(sweepAt(0).level, 6);
  });
});

describe('the view', () => {
  const view = fc.record({
    zoom: fc.double({ min: 0.05, max: 20, noNaN: true }),
    x: fc.double({ min: 0, max: 3200, noNaN: true }),
    y: fc.double({ min: 0, max: 1100, noNaN: true }),
  });
  const point = fc.record({ x: fc.integer({ min: 0, max: 1000 }), y: fc.integer({ min: 0, max: 400 }) });

  test('screen and scan are each other’s inverse, and zooming keeps what is under the hand', () => {
    fc.assert(
      fc.property(view, point, fc.double({ min: 0.3, max: 3, noNaN: true }), (each, at, factor) => {
        const under = toScan(each, size, at);
        expect(toScreen(each, size, under).x).toBeCloseTo(at.x, 6);
        const after = toScreen(zoomedAt(each, size, factor, at), size, under);
        expect(after.x).toBeCloseTo(at.x, 4);
        expect(after.y).toBeCloseTo(at.y, 4);
      }),
    );
  });

  test('all of the scan fits, and one can never leave it', () => {
    const all = fitView(extent, size);
    expect(toScreen(all, size, { x: 0, y: 0 }).x).toBeGreaterThanOrEqual(0);
    expect(toScreen(all, size, { x: extent.columns, y: extent.rows }).y).toBeLessThanOrEqual(size.height);
    expect(bounded({ zoom: 1000, x: -5, y: 9999 }, extent)).toEqual({ zoom: 24, x: 0, y: 1100 });
  });

  test('the scale bar has a round length that has room', () => {
    for (const zoom of [0.1, 0.3, 1, 7]) {
      const bar = scaleBar(zoom, 5, 220);
      expect(bar.width).toBeLessThanOrEqual(220);
      expect(bar.width).toBeGreaterThan(80);
      expect(Number(String(bar.mm)[0])).toBeLessThanOrEqual(5);
    }
    expect([length(1234), length(450.4), length(3.2)]).toEqual(['1.23 m', '450 mm', '3.2 mm']);
  });
});

describe('the plan of a picture', () => {
  const tiles = new Map<string, ReturnType<typeof createTile>>();
  const find = (key: TileKey) => tiles.get(nameOf(key));
  const fill = (key: TileKey) => {
    const tile = createTile(key, Math.ceil(extent.rows / key.step), 2);
    writeTile(tile, tile.column0, tile.samples.slice());
    tiles.set(nameOf(key), tile);
  };
  const view = { zoom: 0.6, x: 1000, y: 500 };

  test('the whole in coarse comes first, then what is looked at', () => {
    const wanted = wantedTiles(extent, view, size, 1);
    expect(wanted[0]).toEqual({ step: 4, index: 0 });
    expect(wanted.filter((key) => key.step === 1).map((key) => key.index)).toEqual([0, 1, 2, 3]);
    expect(
      wantedTiles(extent, fitView(extent, size), size, 1).every((key) => key.step === 4 || key.step === 2),
    ).toBe(true);
  });

  test('every column in view is drawn once, from the finest tile that is there', () => {
    tiles.clear();
    expect(planQuads(extent, view, size, 1, find)).toEqual([]);
    fill({ step: 4, index: 0 });
    fill({ step: 4, index: 1 });
    fill({ step: 1, index: 1 });
    const quads = [...planQuads(extent, view, size, 1, find)].sort((a, b) => a.from - b.from);
    expect(quads.map(({ tile, from, to }) => [tile.key.step, from, to])).toEqual([
      [4, 0, 512],
      [1, 512, 1024],
      [4, 1024, 1536],
      [4, 1536, 2048],
    ]);
  });

  test('where a growing scan came coarse, the coarse is drawn, and only there', () => {
    tiles.clear();
    for (const [step, from, count] of [
      [4, 0, 60],
      [1, 120, 40],
      [16, 0, 15],
    ] as const) {
      const tile = createTile({ step, index: 0 }, Math.ceil(extent.rows / step), 2);
      writeTile(tile, from, new Uint16Array(count * 2 * Math.ceil(extent.rows / step)));
      tiles.set(nameOf({ step, index: 0 }), tile);
    }
    const quads = planQuads(extent, view, size, 1, find);
    expect(quads.map(({ tile, from, to }) => [tile.key.step, from, to])).toEqual([
      [4, 0, 120],
      [1, 120, 160],
      [4, 160, 240],
    ]);
  });

  test('what has not come is not drawn', () => {
    tiles.clear();
    const tile = createTile({ step: 1, index: 0 }, extent.rows, 2);
    writeTile(tile, 100, new Uint16Array(50 * 2 * extent.rows));
    tiles.set('1/0', tile);
    expect(planQuads(extent, view, size, 1, find).map(({ from, to }) => [from, to])).toEqual([[100, 150]]);
  });
});

describe('the palette', () => {
  test('each row runs from dark to white, ever brighter', () => {
    const data = paletteData(256);
    expect(data.length).toBe(256 * paletteRows * 4);
    for (let row = 0; row < paletteRows; row++) {
      let last = -1;
      for (let x = 0; x <= 50; x++) {
        const [r, g, b] = colourOf(row, x / 50);
        const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        expect(light).toBeGreaterThanOrEqual(last);
        last = light;
      }
      expect(colourOf(row, 1)).toEqual([254, 254, 254]);
    }
  });

  test('the four classes are told apart at every brightness between', () => {
    for (const brightness of [0.25, 0.5, 0.75])
      for (let a = 0; a < 4; a++)
        for (let b = a + 1; b < 4; b++) {
          const [left, right] = [colourOf(a, brightness), colourOf(b, brightness)];
          expect(Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2])).toBeGreaterThan(40);
        }
  });
});
