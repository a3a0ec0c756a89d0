import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, events, group, position } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { cellsWithin } from '../store/visits.ts';
import { companionsOf } from './companions.ts';
import { stopHeat } from './stops.ts';

/** Questions over days are answered as those over an hour are, though tracks are thinned for them. */
const dayS = 86_400;
const folder = mkdtempSync(join(tmpdir(), 'quaywatch-long-times-'));
let store: Store;
let sequence = 0;

async function tell(subject: string, places: readonly (readonly [number, number])[]): Promise<void> {
  const list = places.map(([second, lon], n) => position('b', sequence + n + 1, second, lon, subject));
  sequence += list.length;
  await store.records.append([group('b', events(...list), 'telemetry')], at(0));
}
const every = (step: number, from: number, to: number, lonAt: (second: number) => number) =>
  Array.from({ length: (to - from) / step }, (_, n) => {
    const second = from + n * step;
    return [second, lonAt(second)] as const;
  });

beforeAll(async () => {
  store = openSqliteStore(join(folder, 'hub.sqlite'));
  // up and down a road of 20 km for three days
  const driver = (second: number) => 119 + 0.1 * (1 + Math.sin(second / 700));
  await tell('driver', every(20, 0, 3 * dayS, driver));
  await tell(
    'mate',
    every(20, dayS, dayS + 3600, (second) => driver(second) + 0.0002),
  );
  await tell(
    'parked',
    every(300, 0, 7 * dayS, () => 120),
  );
}, 120_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('who was with it for an hour is found in three days', async () => {
  const found = await companionsOf(store, {
    ...{ object: 'driver', from: at(0), to: at(3 * dayS) },
    ...{ radiusM: 100, seconds: 60 },
  });
  expect(found).toMatchObject({ looked: 1, partial: false, companions: [{ object: 'mate' }] });
  expect(found.companions[0]?.seconds).toBeGreaterThan(3400);
});

test('what stood for a week has stood', async () => {
  const cells = cellsWithin(119.99, 33.99, 120.01, 34.01, 100) ?? [];
  const asked = { cells, from: at(0), to: at(7 * dayS), seconds: 600, mayHave: async () => true };
  const { spots } = await stopHeat(store, asked);
  expect(spots).toMatchObject([{ stops: 1, seconds: expect.closeTo(7 * dayS, -3) }]);
});
