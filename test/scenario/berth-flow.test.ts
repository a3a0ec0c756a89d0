import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Board, BoardIncrement, BoardLot } from '#flows/ore/board';
import type * as Stand from '#test/bench/berth/stand';
import { Scope } from '#test/bench/scope';
import { until } from '#test/support/hub';

/** The shipped flow in a box of its own, with every sensor on a real wire and a real stream of pictures; the ore is simulated. */
const built = resolve(import.meta.dirname, '../../dist/test/bench/berth/stand.js');
const slag = { what: 'waste', waste: 'BOF slag', share: 0.3, fromT: 102, toT: 118 } as const;
const script = {
  lots: [{ brand: 'PB fines', declared: 'PB fines', incidents: [slag] }],
  lotT: 140,
  emptySeconds: 20,
};

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-berth-flow-'));
const scope = new Scope();
let board: () => Promise<Board>;
let killBox: (darkSeconds: number) => Promise<void>;
beforeAll(async () => {
  const { prepare } = (await import(pathToFileURL(built).href)) as typeof Stand;
  const camera = { width: 640, height: 352, fps: 5 };
  const stand = await prepare(folder, scope, () => {}, { camera, script, warmUpSeconds: 10 });
  board = () => Promise.race([stand.board(), stand.box.died]);
  killBox = stand.killBox;
}, 180_000);
afterAll(async () => {
  await scope[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** The board when it shows an increment of the first lot, and all of that lot which it shows by then, by number. */
async function whenTold(last: number): Promise<{ lot: BoardLot; told: Map<number, BoardIncrement> }> {
  let lot: BoardLot | undefined;
  const seen = async () => {
    lot = (await board()).lots.find(({ increments }) =>
      increments.some(({ increment }) => increment === last),
    );
    return lot !== undefined;
  };
  await until(seen, `increment ${last}`, 150_000);
  if (!lot) throw new Error(`increment ${last} did not come`);
  return { lot, told: new Map(lot.increments.map((one) => [one.increment, one])) };
}

test('clean ore is clear, wholly covered, and no instrument drifts', async () => {
  const { told } = await whenTold(0);
  expect(told.get(0)).toMatchObject({ outcome: 'clear', reasons: [] });
  // A machine with other work may miss a window, and says so by the coverage.
  expect(told.get(0)?.coverage).toBeGreaterThanOrEqual(0.5);
  expect((await board()).instruments).toEqual([]);
  expect((await board()).radiation).toEqual([]);
}, 200_000);

test('a box that is killed in the midst of a lot judges on; what went by meanwhile was not judged, and nothing is held against it', async () => {
  // The belt brings a tonne a second and a window has five: one at least goes by in the dark from end to end.
  await killBox(10);
  const { lot, told } = await whenTold(4);
  const before = [1, 2, 3, 4].map((number) => told.get(number));
  for (const one of before) expect(one?.outcome).not.toBe('suspect');
  expect(lot.alarms).toEqual([]);
  expect(Math.min(...before.map((one) => one?.coverage ?? 0))).toBeLessThan(1);
  expect(before.some((one) => one?.outcome === 'clear')).toBe(true);
}, 200_000);

test('the increment with slag in it is suspect, and a sample of it is asked for', async () => {
  const { lot, told } = await whenTold(5);
  expect(told.get(5)).toMatchObject({ outcome: 'suspect' });
  expect(lot.samples).toMatchObject([{ increment: 5 }]);
}, 200_000);
