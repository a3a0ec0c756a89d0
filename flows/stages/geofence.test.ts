import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import {
  collection,
  multiPolygon,
  type Point,
  pnpoly,
  point,
  polygon,
  type Ring,
  rectangle,
  star,
  tangle,
} from '#test/support/polygons';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { geofence } from './geofence.ts';

const plain = { hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 };
const square = collection(polygon('yard', rectangle(0, 0, 0.01, 0.01)));
/** Degrees of latitude for metres near the equator. */
const metres = (m: number) => m / 110_574;

interface Seen {
  readonly type: string;
  readonly fence: unknown;
  readonly time: string | undefined;
  readonly confirmed: unknown;
}

const seen = (messages: readonly Message[]): Seen[] =>
  messages.flatMap((message) =>
    message.kind === 'event'
      ? [
          {
            type: message.type.replace('quaywatch.fence.', ''),
            fence: message.data.fence,
            time: message.time,
            confirmed: message.data.confirmed,
          },
        ]
      : [],
  );

function events(config: object, messages: readonly Message[]): Seen[] {
  const run = runStage(geofence, { fences: square, ...config });
  for (const message of messages) run.push(message);
  run.flush();
  return seen(run.port('out'));
}

/** Fixes on the meridian through the square's middle, so many metres north of its southern edge. */
const north = (...offsets: readonly number[]) =>
  offsets.map((offset, i) => position(i * 10, 0.005, metres(offset)));

describe('geofence, plain', () => {
  const track = fc.array(point, { minLength: 2, maxLength: 40 });

  function oracle(rings: readonly Ring[], points: readonly Point[]): string[] {
    const inside = new Set<number>();
    return points.flatMap(([x, y], i) =>
      rings.flatMap((ring, f) => {
        const now = pnpoly(x, y, ring);
        if (now === inside.has(f)) return [];
        if (now) inside.add(f);
        else inside.delete(f);
        return [`${i} f${f} ${now ? 'enter' : 'exit'}`];
      }),
    );
  }

  function actual(rings: readonly Ring[], points: readonly Point[]): string[] {
    const fences = collection(...rings.map((ring, f) => polygon(`f${f}`, ring)));
    const run = runStage(geofence, { fences, ...plain });
    return points.flatMap(([x, y], i) => {
      const before = run.port('out').length;
      run.push(position(i, x, y));
      return seen(run.port('out').slice(before))
        .filter(({ type }) => type !== 'cross')
        .map(({ type, fence }) => `${i} ${fence} ${type}`);
    });
  }

  test('is the point-in-polygon difference between consecutive fixes', () => {
    const ring = fc.oneof(star(point, fc.constantFrom(0.1, 0.5, 1.5)), tangle);
    fc.assert(
      fc.property(fc.array(ring, { minLength: 1, maxLength: 8 }), track, (rings, points) => {
        expect(actual(rings, points).sort()).toEqual(oracle(rings, points).sort());
      }),
      { numRuns: 150 },
    );
  });

  const vessel = new URL('../../../shared/data/tracks/vessel-338013000.json', import.meta.url);
  test.skipIf(!existsSync(vessel))('is that on a real vessel too (skipped where ../shared is absent)', () => {
    const rows = readFileSync(vessel, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { lon: number | null; lat: number | null; timestamp: string });
    const points = rows
      .filter((row) => row.lon !== null && row.lat !== null)
      .sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1))
      .map((row): Point => [row.lon as number, row.lat as number]);
    const rings = fc.sample(star(fc.constantFrom(...points), fc.constantFrom(0.02, 0.1, 0.4)), {
      numRuns: 60,
      seed: 7,
    });
    const expected = oracle(rings, points);
    expect(expected.length).toBeGreaterThan(50);
    expect(actual(rings, points).sort()).toEqual(expected.sort());
  });

  test('dates a crossing between the fixes, and the first fix by itself', () => {
    const inside = position(0, 0.005, 0.005, { time: '2026-03-01T00:00:00.000Z' });
    expect(events(plain, [inside, position(10, 0.005, 0.015)])).toEqual([
      {
        type: 'enter',
        fence: 'yard',
        time: '2026-03-01T00:00:00.000Z',
        confirmed: '2026-03-01T00:00:00.000Z',
      },
      { type: 'exit', fence: 'yard', time: at(5), confirmed: at(10) },
    ]);
  });

  test('gives a cross, and nothing else, for a way through between two fixes outside', () => {
    const through = [position(0, -0.01, 0.005), position(30, 0.02, 0.005)];
    expect(events(plain, through)).toEqual([
      { type: 'cross', fence: 'yard', time: at(10), confirmed: at(30) },
    ]);
    expect(events(plain, [position(0, -0.01, 0.005), position(30, 0.005, 0.03)])).toEqual([]);
  });

  test('gives no cross for an object that stands beside a slanted edge', () => {
    const fences = collection(
      polygon('slanted', [
        [0, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ]),
    );
    expect(events({ fences, ...plain }, [position(0, 0.6, 0.4), position(10, 0.6, 0.4)])).toEqual([]);
  });

  test('knows holes, multipolygons and the way back in', () => {
    const fences = collection(
      polygon('ring', rectangle(0, 0, 10, 10), rectangle(4, 4, 6, 6)),
      multiPolygon('pair', [rectangle(0, 0, 1, 10)], [rectangle(1, 0, 2, 10)]),
    );
    const fixes = [-1, 0.5, 1.5, 5, 7, 11].map((x, i) => position(i * 10, x, 5));
    expect(events({ fences, ...plain }, fixes).map(({ type, fence, time }) => [type, fence, time])).toEqual([
      ['enter', 'ring', '2026-03-01T00:00:06.667Z'],
      ['enter', 'pair', '2026-03-01T00:00:06.667Z'],
      ['exit', 'pair', '2026-03-01T00:00:21.429Z'],
      ['exit', 'ring', '2026-03-01T00:00:27.143Z'],
      ['enter', 'ring', at(35)],
      ['exit', 'ring', '2026-03-01T00:00:47.500Z'],
    ]);
  });

  test('takes the short way across the antimeridian', () => {
    const fences = collection(
      polygon('east', rectangle(179, 0, 180, 1)),
      polygon('far', rectangle(0, 0, 1, 1)),
    );
    const fixes = [
      position(0, 178, 0.5),
      position(30, -179, 0.5),
      position(40, -178, 0.5),
      position(50, 179.5, 0.5),
    ];
    expect(events({ fences, ...plain }, fixes)).toMatchObject([
      { type: 'cross', fence: 'east', time: at(10) },
      { type: 'enter', fence: 'east', time: at(48) },
    ]);
  });
});

describe('geofence, confirmed', () => {
  test('enters with the second fix inside, dated back', () => {
    expect(events({}, north(-50, 50, 100))).toEqual([
      { type: 'enter', fence: 'yard', time: at(5), confirmed: at(20) },
    ]);
  });

  test('leaves when farther out than the hysteresis, dated back to the edge', () => {
    expect(events({}, north(50, 60, 10, -10, -12, 5, -10, -14, -30, -50))).toEqual([
      { type: 'enter', fence: 'yard', time: at(0), confirmed: at(10) },
      { type: 'exit', fence: 'yard', time: '2026-03-01T00:00:53.333Z', confirmed: at(90) },
    ]);
  });

  test('counts only fixes that follow each other beyond the hysteresis', () => {
    expect(events({}, north(50, 60, -30, -10, -30)).map(({ type }) => type)).toEqual(['enter']);
    expect(events({}, north(50, 60, -30, -10, -30, -31)).map(({ type }) => type)).toEqual(['enter', 'exit']);
  });

  test('says nothing of a single fix on the other side', () => {
    expect(events({}, north(-50, 50, -50, -60))).toEqual([]);
    expect(events({}, north(50, 60, -200, 70, 80, -200, 90))).toHaveLength(1);
  });

  test('is confirmed by time where fixes are too few', () => {
    const fixes = [0, 10, 25].map((s) => position(s, 0.005, 0.005));
    expect(events({ confirmFixes: 10, confirmSeconds: 20 }, fixes)).toEqual([
      { type: 'enter', fence: 'yard', time: at(0), confirmed: at(25) },
    ]);
  });

  test('never flutters: enter and exit take turns, and times do not run ahead of what settled them', () => {
    const jitter = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(jitter, (offsets) => {
        const list = events({}, north(...offsets)).filter(({ type }) => type !== 'cross');
        list.forEach(({ type, time, confirmed }, i) => {
          expect(type).toBe(i % 2 === 0 ? 'enter' : 'exit');
          expect(Date.parse(time ?? '')).toBeLessThanOrEqual(Date.parse(String(confirmed)));
        });
      }),
      { numRuns: 200 },
    );
  });

  test('ignores what is no fix, is bad or too inaccurate', () => {
    const bad = [
      position(10, 0.005, 0.005, { fix: false }),
      position(10, 0.005, 0.005, { quality: 'bad' }),
      position(10, 0.005, 0.005, { accuracyM: 31 }),
      position(10, 0.005, 0.005, { hdop: 6.1 }),
    ];
    expect(events(plain, bad)).toEqual([]);
    expect(events(plain, [position(10, 0.005, 0.005, { accuracyM: 30, hdop: 50 })])).toHaveLength(1);
  });

  test('sends fixes that are older than the last one out of `late`, and takes equal times in turn', () => {
    const run = runStage(geofence, { fences: square, ...plain });
    for (const fix of [position(10, 0.005, 0.005), position(9, 1, 1), position(10, 1, 1)])
      run.push(fix, 'in', atMs(20));
    expect(run.port('late')).toMatchObject([{ time: at(9) }]);
    expect(seen(run.port('out')).map(({ type, time }) => [type, time])).toEqual([
      ['enter', at(10)],
      ['exit', at(10)],
    ]);
  });
});

describe('geofence, dwell', () => {
  const dwell = { ...plain, confirmSeconds: 20, dwellSeconds: 60 };

  test('comes once for each stay, at the time that it is due', () => {
    const fixes = [0, 30, 70, 140].map((s) => position(s, 0.005, 0.005));
    expect(
      events(dwell, [
        ...fixes,
        position(150, 1, 1),
        position(160, 0.005, 0.005),
        position(300, 0.005, 0.005),
      ]),
    ).toMatchObject([
      { type: 'enter' },
      { type: 'dwell', time: at(60), confirmed: at(70) },
      { type: 'exit' },
      { type: 'enter' },
      { type: 'dwell' },
    ]);
  });

  test('does not come for a shorter stay', () => {
    expect(
      events(dwell, [position(0, 0.005, 0.005), position(59, 0.005, 0.0101)]).map(({ type }) => type),
    ).toEqual(['enter', 'exit']);
  });

  test('is presumed when the clock passes and nothing more is heard', () => {
    const run = runStage(geofence, { fences: square, ...dwell });
    run.push(position(0, 0.005, 0.005));
    run.advance(atMs(79));
    expect(run.port('out')).toHaveLength(1);
    run.advance(atMs(81));
    expect(run.port('out')[1]).toMatchObject({
      time: at(60),
      data: { confirmed: at(80), dwellSeconds: 60, presumed: true },
    });
    run.push(position(90, 0.005, 0.005));
    run.flush();
    expect(run.port('out')).toHaveLength(2);
  });

  test('is not presumed of fixes that were only late to arrive', () => {
    const run = runStage(geofence, { fences: square, ...dwell });
    const later = atMs(7200);
    run.push(position(0, 0.005, 0.005), 'in', later);
    run.push(position(30, 0.005, 0.005), 'in', later + 1000);
    run.push(position(40, 1, 1), 'in', later + 2000);
    run.flush();
    expect(seen(run.port('out')).map(({ type }) => type)).toEqual(['enter', 'exit']);
  });
});

describe('geofence', () => {
  test('looks a fence set up by its name, and says what is wrong with it', () => {
    const set = (value: unknown) => ({
      resources: { fenceSet: (name: string) => (name === 'port' ? value : undefined) },
    });
    const run = runStage(geofence, { fences: 'port', ...plain }, set(square));
    run.push(position(0, 0.005, 0.005));
    expect(run.port('out')).toHaveLength(1);
    expect(() => runStage(geofence, { fences: 'none' }, set(square))).toThrow('no fence set called none');
    expect(() => runStage(geofence, { fences: 'port' }, set({}))).toThrow('cannot be used');
    expect(() => configOf(geofence, { fences: collection({}) })).toThrow('fences.features[0]');
  });

  test('sends out of the error port what it cannot handle', () => {
    const run = runStage(geofence, { fences: square, maxDevices: 1 });
    const { device: _, ...nameless } = position(0);
    run.push(nameless as Message);
    run.push(position(1, 0, 0, { time: 'yesterday' }));
    run.push(position(1, Number.NaN, 0));
    run.push(position(1));
    run.push(position(2, 0, 0, { device: 't2' }));
    expect(run.outputs.map((output) => 'error' in output && output.error)).toEqual([
      'message.device',
      'message.time',
      'message.invalid',
      'state.full',
    ]);
  });

  test('forgets a fence that is no longer there, and does not take a new one for a crossing', () => {
    const run = runStage(geofence, { fences: square, ...plain });
    run.push(position(0, 0.005, 0.005));
    const fences = collection(polygon('other', rectangle(0, 0, 0.01, 0.01)));
    const next = runStage(geofence, { fences, ...plain }, { from: run.checkpoint() });
    next.push(position(10, 0.02, 0.02));
    expect(next.port('out')).toEqual([]);
  });

  test('gives the same after a restart at any point', () => {
    const step: fc.Arbitrary<Step> = fc
      .tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 0, max: 100 }), fc.constantFrom('a', 'b'))
      .map(([offset, seconds, device]) => ({
        message: position(seconds, 0.005, metres(offset), { device }),
      }));
    const steps = fc
      .array(step, { minLength: 1, maxLength: 30 })
      .map((list) =>
        list.sort((a, b) => String(a.message.received).localeCompare(String(b.message.received))),
      );
    fc.assert(
      fc.property(steps, fc.array(fc.nat(30)), (list, cuts) => {
        const config = { fences: square, dwellSeconds: 20 };
        expect(outputsOf(geofence, config, list, cuts)).toEqual(outputsOf(geofence, config, list));
      }),
      { numRuns: 100 },
    );
  });
});

test('takes up what a version before knew of a device', () => {
  const crossed = { time: at(0), ms: atMs(0), lon: 0.005, lat: 0 };
  const stay = { phase: 'inside', crossed, fixes: 2, sinceMs: atMs(0), enteredMs: atMs(0) };
  const first = { ms: atMs(10), lon: 0.005, lat: 0.005, stays: { yard: stay } };
  const second = { ...first, stays: [{ fence: 'yard', ...stay }] };
  const log = { lastMs: atMs(10), log: [], told: [], next: 1 };
  const migrated = (value: unknown) => geofence.migrate?.(value, 1);
  expect(migrated(first)).toEqual(second);
  expect(migrated({ ...log, state: first, base: first })).toEqual({ ...log, state: second, base: second });
  expect(migrated({ count: 3 })).toEqual({ count: 3 });
  expect(migrated({ ...first, stays: { yard: 'in' } })).toBeUndefined();
  expect(migrated(7)).toBeUndefined();
  const saved = { nowMs: atMs(10), state: [['t1', JSON.stringify(migrated(first))]], timers: [] };
  const run = runStage(geofence, { fences: square, ...plain }, { from: { text: JSON.stringify(saved) } });
  run.push(position(20, 0.005, 0.02));
  expect(seen(run.port('out'))).toMatchObject([{ type: 'exit', fence: 'yard' }]);
});
