import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, MessageOf, Position } from '#flows/message';
import { Watch } from './watch.ts';

const startMs = Date.parse('2026-03-01T00:00:00.000Z');

const position = (atMs: number, more: Partial<Position> = {}): Position => ({
  kind: 'position',
  device: 'truck',
  time: new Date(startMs + atMs).toISOString(),
  quality: 'good',
  lon: 4 + atMs / 1e8,
  lat: 51.9,
  fix: true,
  attributes: {},
  ...more,
});

/** What the watch makes of messages, each with the moment at which it came, ms since the start. */
function looked(watch: Watch, ...came: readonly (readonly [Message, number])[]): Message[] {
  for (const [message, ms] of came) watch.look(message, { wallMs: startMs + ms, monotonicMs: ms });
  return came.map(([message]) => message);
}

const every = (stepMs: number, count: number, make: (atMs: number) => Message, fromMs = 0) =>
  Array.from({ length: count }, (_, i) => [make(fromMs + i * stepMs), fromMs + i * stepMs] as const);

const offsets = (messages: readonly Message[]) => messages.map(({ attributes }) => attributes.clockOffsetMs);

describe('the clock', () => {
  test('a device that is late or right is left alone', () => {
    const said = looked(new Watch(), ...every(1000, 200, (at) => position(at - 2000)));
    expect(said.filter(({ attributes }) => Object.keys(attributes).length > 0)).toEqual([]);
  });

  test('one that is behind is told after half a minute, by how much, and until it is set right', () => {
    const watch = new Watch();
    const behind = offsets(looked(watch, ...every(1000, 60, (at) => position(at - 300_000))));
    expect(behind.slice(0, 30)).toEqual(Array(30).fill(undefined));
    expect(behind.slice(30)).toEqual(Array(30).fill(-300_000));
    expect(offsets(looked(watch, ...every(1000, 3, position, 60_000)))).toEqual(Array(3).fill(undefined));
  });

  test('one that is ahead is told at once', () => {
    expect(offsets(looked(new Watch(), [position(90_000), 0]))).toEqual([90_000]);
    expect(offsets(looked(new Watch({ maxClockOffsetSeconds: 120 }), [position(90_000), 0]))).toEqual([
      undefined,
    ]);
  });

  test('what was kept in a blind area is no wrong clock, however much of it comes', () => {
    const backfill = every(10, 1000, (at) => position(at - 3_600_000));
    const live = every(10_000, 12, position, 10_010);
    expect(new Set(offsets(looked(new Watch(), ...backfill, ...live)))).toEqual(new Set([undefined]));
    // And in the midst of what is live.
    const mixed = every(1000, 300, (at) => position(at % 2000 === 0 ? at : at - 3_600_000));
    expect(new Set(offsets(looked(new Watch(), ...mixed)))).toEqual(new Set([undefined]));
  });

  test('files tell of a clock that is ahead alone, and spectra begin before they are said', () => {
    const late = looked(new Watch({ late: true }), ...every(1000, 90, (at) => position(at - 9e8)));
    expect(new Set(offsets(late))).toEqual(new Set([undefined]));
    const spectrum = (at: number): MessageOf<'spectrum'> => ({
      kind: 'spectrum',
      time: new Date(startMs + at - 600_000).toISOString(),
      quality: 'good',
      technique: 'gamma',
      axis: { unit: 'keV', start: 0, step: 1 },
      values: [1],
      attributes: {},
    });
    expect(new Set(offsets(looked(new Watch(), ...every(1000, 90, spectrum))))).toEqual(new Set([undefined]));
  });

  test('property: a clock that is off by more than the limit is told with the error of the least delay', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 70, maxLength: 150 });
    fc.assert(
      fc.property(fc.integer({ min: 120_000, max: 1e9 }), delays, (offMs, all) => {
        const said = all.map((delay, i) => [position(i * 1000 - delay - offMs), i * 1000] as const);
        const last = offsets(looked(new Watch(), ...said)).at(-1) as number;
        expect(last).toBeLessThanOrEqual(-offMs);
        expect(last).toBeGreaterThanOrEqual(-offMs - Math.max(...all));
      }),
    );
  });
});

describe('a frozen fix', () => {
  const frozen = (messages: readonly Message[]) =>
    messages.map(({ attributes, quality }) => attributes.frozen === true && quality === 'suspect');

  test('is the very same place while the speed says that it was left', () => {
    const still = every(1000, 10, (at) => position(at, { lon: 4, speedKph: 36 }));
    expect(frozen(looked(new Watch(), ...still))).toEqual([...Array(6).fill(false), ...Array(4).fill(true)]);
  });

  test('is not one that stands, that creeps, or whose last digit moves', () => {
    for (const make of [
      (at: number) => position(at, { lon: 4, speedKph: 0 }),
      (at: number) => position(at, { lon: 4 }),
      (at: number) => position(at, { lon: 4 + (at % 2000) / 1e9, speedKph: 90 }),
    ])
      expect(frozen(looked(new Watch(), ...every(1000, 60, make)))).toEqual(Array(60).fill(false));
  });

  test('is one moment told for long, and not a link that repeats', () => {
    const same = () => position(0, { lon: 4 });
    expect(frozen(looked(new Watch(), ...every(2000, 8, same)))).toEqual([
      ...Array(5).fill(false),
      ...Array(3).fill(true),
    ]);
    expect(frozen(looked(new Watch(), ...every(10, 500, same)))).toEqual(Array(500).fill(false));
  });

  test('devices are apart, and only so many are kept in mind', () => {
    const watch = new Watch({ maxDevices: 2 });
    const of = (device: string) => every(1000, 6, (at) => position(at, { device, lon: 4, speedKph: 36 }));
    const again = every(1000, 1, (at) => position(at, { device: 'a', lon: 4, speedKph: 36 }), 6000);
    looked(watch, ...of('a'), ...of('b'));
    expect(frozen(looked(watch, ...again))).toEqual([true]);
    looked(watch, ...of('c'));
    const forgotten = every(1000, 1, (at) => position(at, { device: 'a', lon: 4, speedKph: 36 }), 7000);
    expect(frozen(looked(watch, ...forgotten))).toEqual([false]);
  });
});

test.each<[string[], Partial<Position>]>([
  [['courseDeg'], { courseDeg: 360.5 }],
  [['speedKph', 'satellites'], { speedKph: 6553.5, satellites: -1 }],
  [['lon', 'lat'], { lon: 0, lat: 0 }],
  [['altitudeM'], { altitudeM: -32_768 }],
  [['hdop'], { hdop: -1 }],
])('%s cannot be, and is said', (names, values) => {
  const [said] = looked(new Watch(), [position(0, values), 0]);
  expect(said).toMatchObject({ ...values, quality: 'suspect', attributes: { outOfRange: names } });
  const [bad] = looked(new Watch(), [position(0, { ...values, quality: 'bad' }), 0]);
  expect(bad?.quality).toBe('bad');
});

test('a reading that is no number and a battery that cannot be are said', () => {
  const reading: MessageOf<'reading'> = {
    kind: 'reading',
    quality: 'good',
    name: 'v',
    value: Number.NaN,
    unit: 'kg',
    attributes: {},
  };
  const seal: MessageOf<'seal'> = {
    kind: 'seal',
    quality: 'good',
    state: 'locked',
    batteryPct: 101,
    attributes: {},
  };
  expect(looked(new Watch(), [reading, 0], [seal, 0])).toMatchObject([
    { quality: 'suspect', attributes: { outOfRange: ['value'] } },
    { quality: 'suspect', attributes: { outOfRange: ['batteryPct'] } },
  ]);
  const fine = looked(new Watch(), [{ ...reading, value: 1, quality: 'good', attributes: {} }, 0]);
  expect(fine).toMatchObject([{ quality: 'good', attributes: {} }]);
});
