import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metresBetween } from '#flows/geo/polyline';
import { conclude, portRoads } from '#test/support/library-flow';
import { temporaryFolder } from '#test/support/quaywatch';
import { Random } from '#test/support/random';
import type { Truth } from '../traffic/options.ts';
import { trafficOf } from './kept-traffic.ts';
import { DemoTraffic, demoTraffic, type Heard } from './traffic.ts';

const roads = portRoads();
const beginMs = Date.parse('2026-03-01T08:00:00Z');
const day = 86_400_000;

/** The traffic of a demo that is started at a moment on a data folder, as `quaywatch demo` starts it. */
function start(file: string, nowMs: number, random: () => number): DemoTraffic {
  const { seed, startMs, numberedAfter } = trafficOf(file, nowMs, random);
  const options = demoTraffic(seed, 18, startMs, numberedAfter);
  return new DemoTraffic(roads, options, nowMs);
}

/** A demo that runs for some minutes, is silent, and runs again. */
function twice(minutes: number, silentMs: number) {
  using folder = temporaryFolder();
  const file = join(folder.path, 'traffic.json');
  const draws = new Random(11);
  const random = () => draws.next();
  const heard: Heard[] = [];
  const truth: Truth[] = [];
  const ends: number[] = [];
  let nowMs = beginMs;
  for (let run = 0; run < 2; run++) {
    const traffic = start(file, nowMs, random);
    for (const endMs = nowMs + minutes * 60_000; nowMs < endMs; nowMs += 1000) {
      heard.push(...traffic.until(nowMs));
      if (nowMs % 60_000 === 0) truth.push(...traffic.truth());
    }
    ends.push(nowMs);
    nowMs += silentMs;
  }
  return { heard, truth, endMs: ends[0] ?? 0 };
}

const objectsOf = (truth: readonly Truth[], ...kinds: Truth['kind'][]) =>
  new Set(truth.filter(({ kind }) => kinds.includes(kind)).flatMap(({ objects }) => objects));

describe('a demo that is started again on its data folder raises no false alarm', () => {
  test.each([
    ['after five seconds', 5000],
    ['after two minutes', 120_000],
    ['after an hour', 3_600_000],
    ['after eight days', 8 * day],
  ])(
    '%s',
    async (_, silentMs) => {
      const { heard, truth, endMs } = twice(12, silentMs);
      const places = heard.map(({ message }) => message).filter(({ kind }) => kind === 'position');
      expect(places.some(({ time = '' }) => Date.parse(time) > endMs)).toBe(true);
      const alarms = (await conclude('port-watch', () => 'places', places)).filter(
        ({ priority }) => priority === 'alarm',
      );
      const strangers = (type: string, planted: ReadonlySet<string>) =>
        alarms
          .filter((event) => event.type === `quaywatch.track.${type}` && !planted.has(event.subject ?? ''))
          .map(({ subject, time }) => `${type} ${subject} ${time}`);
      const madeUp = objectsOf(truth, 'spoof');
      expect(strangers('teleport', madeUp)).toEqual([]);
      expect(strangers('clone', madeUp)).toEqual([]);
      expect(strangers('association', objectsOf(truth, 'substitution'))).toEqual([]);
      expect(strangers('separation', objectsOf(truth, 'separation', 'substitution'))).toEqual([]);
    },
    60_000,
  );
});

test('traffic that passed unheard is where it would be, with all that was planted and said', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 4000 }), (seed, seconds) => {
      const options = demoTraffic(seed, 18, beginMs);
      const nowMs = beginMs + seconds * 1000;
      const unheard = new DemoTraffic(roads, options, nowMs);
      const through = new DemoTraffic(roads, options);
      const said = [...through.until(nowMs - 1000)].map(({ message }) => message);
      for (const { message } of unheard.until(nowMs - 1000)) {
        // seals alone, and only what they have said before
        expect(message.kind).toBe('seal');
        if (Date.parse(message.time ?? '') > nowMs - 30_000) expect(said).toContainEqual(message);
      }
      const next = [...through.until(nowMs + 5000)].map(({ message }) => message);
      const same = [...unheard.until(nowMs + 5000)].map(({ message }) => message);
      expect(same.map(({ device, time, kind }) => [device, time, kind])).toEqual(
        next.map(({ device, time, kind }) => [device, time, kind]),
      );
      for (const [i, message] of next.entries()) {
        const again = same[i];
        if (message.kind !== 'position' || again?.kind !== 'position') {
          expect(again).toEqual(message);
          continue;
        }
        // what both receivers are off
        expect(metresBetween(message.lon, message.lat, again.lon, again.lat)).toBeLessThan(40);
      }
      expect(unheard.truth()).toEqual(through.truth());
    }),
    { numRuns: 8 },
  );
}, 60_000);

test('each kept traffic is the same again; too old, of tomorrow or unreadable it is another', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'traffic.json');
  const draws = new Random(3);
  const random = () => draws.next();
  const first = trafficOf(file, beginMs + 999, random);
  expect(first).toMatchObject({ startMs: beginMs, numberedAfter: 0 });
  expect(trafficOf(file, beginMs + 6 * day, random)).toEqual(first);
  const other = trafficOf(file, beginMs + 8 * day, random);
  expect(other).toMatchObject({ startMs: beginMs + 8 * day, numberedAfter: 10_000 });
  expect(trafficOf(file, beginMs, random)).toMatchObject({ startMs: beginMs, numberedAfter: 20_000 });
  for (const damaged of ['', '{"seed":1', '{"seed":"x"}']) {
    writeFileSync(file, damaged);
    expect(trafficOf(file, beginMs, random).startMs).toBe(beginMs);
  }
});
