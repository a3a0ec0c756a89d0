import { describe, expect, test } from 'vitest';
import { evidenceWords, findingWords } from '../words.ts';
import { createFramePace } from './frame-pace.ts';
import { labelHeight, placeLabels } from './label-places.ts';
import { loadMapOf } from './load-map.ts';
import { meanDepth, profileOf } from './measure.ts';
import { materialWords } from './readout.tsx';

const size = { width: 1000, height: 500 };

describe('labels of findings', () => {
  const wish = (x: number, y: number, text = 'Load, likely (91 %)') => ({ text, at: { x, y }, height: 60 });
  test('stand above what they speak of, and never over each other', () => {
    const wishes = [wish(100, 200), wish(150, 200), wish(190, 205), wish(600, 200)];
    const places = placeLabels(wishes, size);
    expect(places[0]).toEqual({ x: 100, y: 200 - labelHeight - 3 });
    expect(places[3]?.y).toBe(places[0]?.y);
    const rows = places.slice(0, 3).map((place) => place.y);
    for (let i = 0; i < 3; i++)
      for (let j = i + 1; j < 3; j++)
        expect(Math.abs((rows[i] ?? 0) - (rows[j] ?? 0))).toBeGreaterThanOrEqual(labelHeight);
  });
  test('at the top edge they stand below, and at the left edge they begin in the picture', () => {
    expect(placeLabels([wish(-80, 10)], size)).toEqual([{ x: 2, y: 73 }]);
  });
});

describe('the map of load', () => {
  const map = { column: 100, row: 20, cell: 8, columns: 3, rows: 2, scores: [0, 0.9, 0.1, 0.5, 0, 2] };
  test('has the cells that are load, in pixels of the scan', () => {
    expect(loadMapOf({ evidence: { map } })?.cells).toEqual([
      { column: 108, row: 20, score: 0.9 },
      { column: 100, row: 28, score: 0.5 },
      { column: 116, row: 28, score: 1 },
    ]);
  });
  test('is none for what cannot be read', () => {
    for (const evidence of [
      undefined,
      7,
      {},
      { map: {} },
      { map: { ...map, scores: 'all' } },
      { map: { ...map, cell: 'x' } },
    ])
      expect(loadMapOf({ evidence })).toBeUndefined();
  });
});

describe('measuring', () => {
  // Transmission falls by half every 100 columns.
  const store = {
    sample: (_: number, x: number) =>
      x < 0 || x >= 1000 ? undefined : { value: Math.round(60_000 * 2 ** (-x / 100)), step: 1 },
  };
  test('the profile has the depth along the line, and no value where nothing has come', () => {
    const { depths, lengthPx } = profileOf(store, 0, [0, 10, 500, 10], 60_000);
    expect(lengthPx).toBe(500);
    expect(depths[0]).toBeCloseTo(0, 6);
    expect(depths.at(-1)).toBeCloseTo(5 * Math.LN2, 2);
    expect(profileOf(store, 0, [-50, 0, -10, 0], 60_000).depths.every(Number.isNaN)).toBe(true);
  });
  test('the mean of a region is one of depths', () => {
    expect(meanDepth(store, 0, { x: 300, y: 50 }, 60_000)).toBeCloseTo(3 * Math.LN2, 2);
    expect(meanDepth(store, 0, { x: -100, y: 50 }, 60_000)).toBeUndefined();
  });
});

describe('words', () => {
  test('a score is said, an abstention has none, and a thickness that tells nothing says so', () => {
    expect(findingWords({ label: 'load', score: 0.914 })).toBe('Load, likely (91 %)');
    expect(findingWords({ label: 'empty', score: 0.9971 })).toBe('Empty, very likely (> 99 %)');
    expect(findingWords({ label: 'abstained', score: 0 })).toBe('Abstained: not judged');
    expect(evidenceWords({ evidence: { areaM2: 0.483, reasons: ['no container was found', 7] } })).toBe(
      '0.48 m² of load; no container was found',
    );
    expect(evidenceWords({ evidence: 'x' })).toBeUndefined();
    expect(materialWords('heavy', 0.1)).toMatch(/not to be told/);
    expect(materialWords('heavy', 0.5)).toBe('perhaps heavy');
    expect(materialWords('metal', 0.9)).toBe('metal');
  });
});

describe('the pace of frames', () => {
  const run = (everyMs: number, moving: boolean) => {
    const pace = createFramePace();
    let share = 1;
    for (let now = 1000; now < 1000 + 10 * everyMs; now += everyMs) {
      if (moving) pace.move(now);
      share = pace.share(now, false);
    }
    return { share, rest: pace.share(1000 + 20 * everyMs + 500, false) };
  };
  test('a picture that is slow is coarser while it moves, and whole again at rest', () => {
    expect(run(120, true)).toEqual({ share: 0.5, rest: 1 });
    expect(run(16, true)).toEqual({ share: 1, rest: 1 });
    expect(run(120, false).share).toBe(1);
  });
});
