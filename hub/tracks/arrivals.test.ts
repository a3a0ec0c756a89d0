import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, boxRecord, events, group, sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { arrivalOf } from './arrivals.ts';

/** Trucks that come by here, drive on for 340 m, and wait there before they enter the gate. */
const folder = mkdtempSync(join(tmpdir(), 'quaywatch-arrivals-'));
const mPerLon = 111_320 * Math.cos((34 * Math.PI) / 180);
let store: Store;
let sequence = 0;

const telling = (subject: string, type: string, seconds: number, data: Record<string, unknown>) => {
  sequence += 1;
  return sampleEvent('b', sequence, { subject, type: `quaywatch.${type}`, seconds, data });
};
const fix = (subject: string, seconds: number, eastM: number) =>
  telling(subject, 'position.observed', seconds, {
    ...{ lon: 119 + eastM / mPerLon, lat: 34, quality: 'good', fix: true, courseDeg: 90, attributes: {} },
  });
/** From 2 km before here at 10 m/s, and `waitS` at 340 m behind it; a fix every ten seconds. */
function trip(subject: string, from: number, waitS: number) {
  const list = [];
  for (let second = 0; second <= 260 + waitS; second += 10)
    list.push(fix(subject, from + second, Math.min(340, -2000 + second * 10)));
  list.push(telling(subject, 'fence.enter', from + 260 + waitS, { fence: 'gate' }));
  list.push(telling(subject, 'fence.exit', from + 300 + waitS, { fence: 'gate' }));
  return list;
}
const ask = (object: string, zone = 'gate') =>
  arrivalOf(store, {
    ...{ object, zone },
    here: { ms: at(90_000), lon: 119, lat: 34, courseDeg: 90 },
  });

beforeAll(async () => {
  store = openSqliteStore(join(folder, 'hub.sqlite'));
  await store.boxes.add(boxRecord('b'));
  const list = [10, 20, 30, 40, 50, 60, 70].flatMap((minutes, n) => trip(`t${n}`, n * 9000, minutes * 60));
  list.push(telling('inside', 'fence.enter', 80_000, { fence: 'gate' }));
  list.sort((a, b) => a.sequence - b.sequence);
  await store.records.append([group('b', events(...list), 'telemetry')], at(0));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('who waited long near here counts as those do who did not', async () => {
  const said = await ask('asked');
  const minutes = (text = '') => (Date.parse(text) - at(90_000)) / 60_000;
  expect(said.trips).toBe(7);
  // a minute of driving, and the middle of how long they waited
  expect(minutes(said.p50)).toBeCloseTo(41, 0);
  expect([minutes(said.p10), minutes(said.p90)]).toEqual([expect.closeTo(17, 0), expect.closeTo(65, 0)]);
});

test('what is in the zone already does not arrive', async () => {
  expect(await ask('inside')).toEqual({
    zone: 'gate',
    trips: 0,
    why: `inside has been in gate since ${new Date(at(80_000)).toISOString()}`,
  });
  expect(await ask('t3')).toMatchObject({ trips: 7 });
  expect(await ask('asked', 'elsewhere')).toMatchObject({
    trips: 0,
    why: expect.stringMatching(/no past trip/),
  });
});
