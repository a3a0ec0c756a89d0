import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectState } from '#hub/api/types';
import { boundsOfCollection, labelPoint, mercatorX, mercatorY } from './geometry.ts';
import { gridFor, gridLabel } from './grid.ts';
import { type Label, placeLabels } from './labels.ts';
import { codeOf, createPacker, flag, pickObject } from './object-buffer.ts';
import { extendTrack, gapLimitMs, trackLines } from './track-lines.ts';

const packObjects = createPacker();
const now = Date.parse('2026-03-01T12:00:00Z');
const object = (id: string, more: Partial<ObjectState> = {}): ObjectState => ({
  object: id,
  kind: 'vehicle',
  box: 'b',
  site: 'quay',
  time: new Date(now).toISOString(),
  lon: 119.6,
  lat: 34.75,
  quality: 'good',
  fences: [],
  ...more,
});
const marks = {
  moment: now,
  alarming: new Set<string>(),
  selected: undefined,
  designated: new Set<string>(),
};
const fixes = (...seconds: number[]) =>
  seconds.map((s) => ({ time: new Date(now + s * 1000).toISOString(), lon: s, lat: 0, quality: 'good' }));
const parts = (points: ReturnType<typeof fixes>) =>
  trackLines(points)
    .features.map((f) => f.properties?.part)
    .filter((part) => part !== 'fix');

describe('a track', () => {
  test('is dashed where nothing is known, however regular the rest', () => {
    expect(parts(fixes(0, 10, 20, 200, 210))).toEqual(['driven', 'gap', 'driven']);
    expect(parts(fixes(0, 10, 20, 30))).toEqual(['driven']);
  });

  test('of something that always speaks slowly has no gaps', () => {
    expect(gapLimitMs(fixes(0, 180, 360, 540))).toBe(900_000);
    expect(parts(fixes(0, 180, 360, 540))).toEqual(['driven']);
  });

  test('of two bodies under one name is two lines, and goes to no spike', () => {
    const points = fixes(0, 10, 20, 30, 40, 50).map((point, n) => ({
      ...point,
      segment: n === 4 ? 0 : (n % 2) + 1,
    }));
    const driven = trackLines([...points, ...fixes(60)]).features.filter(
      (f) => f.properties?.part === 'driven',
    );
    expect(driven.map(({ geometry }) => 'coordinates' in geometry && geometry.coordinates)).toEqual([
      [
        [0, 0],
        [20, 0],
      ],
      [
        [10, 0],
        [30, 0],
        [50, 0],
        [60, 0],
      ],
    ]);
    expect(trackLines(points).features.filter((f) => f.properties?.part === 'fix')).toHaveLength(6);
  });

  test('grows by newer fixes alone and lets go of what is too old', () => {
    const points = fixes(0, 10);
    expect(extendTrack(points, fixes(10)[0] as never, now)).toBe(points);
    expect(extendTrack(points, fixes(20)[0] as never, now + 5000).map((p) => p.lon)).toEqual([10, 20]);
  });
});

describe('objects for the graphics card', () => {
  test('what must be seen lies on top', () => {
    const objects = new Map(['a', 'b', 'c'].map((id) => [id, object(id)]));
    for (const more of [{ alarming: new Set(['a']) }, { selected: 'a' }, { designated: new Set(['a']) }])
      expect(packObjects(objects, { ...marks, ...more }).ids.at(-1)).toBe('a');
  });

  test('a position keeps a centimetre, though the numbers are floats', () => {
    const near = { min: -0.05, max: 0.05, noNaN: true };
    fc.assert(
      fc.property(fc.double(near), fc.double(near), (east, north) => {
        const far = object('z', { lon: 119.6 + east, lat: 34.75 + north });
        const { data, originX, originY, ids } = packObjects(
          new Map([
            ['o', object('o')],
            ['z', far],
          ]),
          marks,
        );
        const i = ids.indexOf('z') * 4;
        const metres = 40_075_017;
        expect(Math.abs((data[i] ?? 0) + originX - mercatorX(far.lon)) * metres).toBeLessThan(0.01);
        expect(Math.abs((data[i + 1] ?? 0) + originY - mercatorY(far.lat)) * metres).toBeLessThan(0.01);
      }),
    );
  });

  test('an old fix, a broken seal and an alarm are marked', () => {
    const has = (state: ObjectState, bit: number, more = marks as Parameters<typeof codeOf>[1]) =>
      (codeOf(state, more) & bit) !== 0;
    expect(has(object('a'), flag.stale)).toBe(false);
    expect(has(object('a', { time: new Date(now - 121_000).toISOString() }), flag.stale)).toBe(true);
    expect(
      has(object('a', { kind: 'vessel', time: new Date(now - 121_000).toISOString() }), flag.stale),
    ).toBe(false);
    const seal = { state: 'tampered', time: new Date(now).toISOString() };
    expect(has(object('a', { seal }), flag.alarm)).toBe(true);
    expect(has(object('a', { seal: { ...seal, state: 'unlocked' } }), flag.alarm)).toBe(false);
    expect(has(object('a'), flag.alarm, { ...marks, alarming: new Set(['a']) })).toBe(true);
  });

  test('a designated object bears its own mark, whatever its shape and other marks', () => {
    const designated = { ...marks, selected: 'a', designated: new Set(['a']) };
    for (const kind of ['vehicle', 'vessel', 'seal', 'other'] as const)
      expect(codeOf(object('a', { kind }), designated) - codeOf(object('a', { kind }), marks)).toBe(
        flag.designated + flag.selected,
      );
  });

  test('the nearest one within reach is picked', () => {
    const objects = new Map([
      ['a', object('a')],
      ['b', object('b', { lon: 119.601 })],
    ]);
    const buffer = packObjects(objects, marks);
    const project = { scale: 512 * 2 ** 14, offsetX: 100, offsetY: 100 };
    expect(pickObject(buffer, project, 103, 98)).toBe('a');
    expect(pickObject(buffer, project, 100 + 23, 100)).toBe('b');
    expect(pickObject(buffer, project, 160, 160)).toBeUndefined();
  });
});

describe('labels', () => {
  const measure = (text: string) => ({ width: text.length * 7, height: 14 });
  const label = fc.record({
    text: fc.string({ minLength: 1, maxLength: 12 }),
    x: fc.integer({ min: -20, max: 420 }),
    y: fc.integer({ min: -20, max: 320 }),
    tone: fc.constant('object' as const),
    rank: fc.integer({ min: 0, max: 100 }),
    anchor: fc.constantFrom('middle' as const, 'right' as const),
  }) satisfies fc.Arbitrary<Label>;

  test('never lie on each other or beyond the edge', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 25 }), (labels) => {
        const placed = placeLabels(labels, { width: 400, height: 300 }, measure);
        placed.forEach((a, i) => {
          expect(a.left >= 0 && a.top >= 0 && a.left + a.width <= 400 && a.top + a.height <= 300).toBe(true);
          for (const b of placed.slice(i + 1))
            expect(
              a.left + a.width <= b.left ||
                b.left + b.width <= a.left ||
                a.top + a.height <= b.top ||
                b.top + b.height <= a.top,
            ).toBe(true);
        });
      }),
    );
  });

  test('the higher rank has the place; an object at the right edge has its name at the left', () => {
    const at = (text: string, rank: number, x = 200): Label => ({
      text,
      x,
      y: 50,
      tone: 'object',
      rank,
      anchor: 'right',
    });
    const view = { width: 400, height: 300 };
    expect(placeLabels([at('low', 1), at('a longer name', 9)], view, measure)[0]?.text).toBe('a longer name');
    expect(placeLabels([at('truck', 1, 390)], view, measure)[0]?.left).toBeLessThan(390);
  });

  test('the name of a place gives way to the numbers of the grid, that of an alarm does not', () => {
    const view = { width: 400, height: 300 };
    const number = [{ left: 4, top: 40, width: 60, height: 20 }];
    const name = (tone: Label['tone']): Label => ({
      text: 'yard',
      x: 50,
      y: 50,
      tone,
      rank: 1,
      anchor: 'middle',
    });
    const named = (tone: Label['tone']) => placeLabels([name(tone)], view, measure, number).length;
    expect([named('place'), named('fence'), named('alarm'), named('select')]).toEqual([0, 0, 1, 1]);
  });
});

describe('the graticule', () => {
  test('has at every zoom as many lines as there is room for, and not many fewer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1.8, max: 2, noNaN: true }),
        fc.double({ min: -170, max: 0, noNaN: true }),
        (log, west) => {
          const span = 10 ** log;
          const { meridians } = gridFor({ west, east: west + span, south: 30, north: 30 + span / 2 });
          expect(meridians.length).toBeGreaterThanOrEqual(3);
          expect(meridians.length).toBeLessThanOrEqual(13);
        },
      ),
    );
  });

  test('labels are degrees and minutes, and never sixty', () => {
    expect(gridLabel(119.6, 'lon', 1 / 60)).toBe('119°36′E');
    expect(gridLabel(34.991666666, 'lat', 1 / 120)).toBe('34°59.5′N');
    expect(gridLabel(-0.5, 'lat', 0.5)).toBe('0°30′S');
    expect(gridLabel(190, 'lon', 10)).toBe('170°W');
    expect(gridLabel(1.99999, 'lon', 1 / 60)).toBe('2°00′E');
  });
});

test('bounds and label points of any geometry', () => {
  const square = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [0, 0],
        [4, 0],
        [4, 2],
        [0, 0],
      ],
    ],
  };
  expect(labelPoint(square)).toEqual([2, 1]);
  expect(labelPoint({ type: 'Point', coordinates: [5, 6] })).toEqual([5, 6]);
  expect(
    boundsOfCollection({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: {}, geometry: square }],
    }),
  ).toEqual({ west: 0, south: 0, east: 4, north: 2 });
  expect(boundsOfCollection({ type: 'FeatureCollection', features: [] })).toBeUndefined();
});
