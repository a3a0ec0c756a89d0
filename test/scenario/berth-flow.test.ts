import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Board, BoardIncrement } from '#flows/ore/board';
import type * as Stand from '#test/bench/berth/stand';
import { Scope } from '#test/bench/scope';
import { until } from '#test/support/hub';

/** The shipped flow in a box of its own, with every sensor on a real wire and a real stream of pictures; the ore is simulated. */
const built = resolve(import.meta.dirname, '../../dist/test/bench/berth/stand.js');
const slag = { what: 'waste', waste: 'BOF slag', share: 0.3, fromT: 62, toT: 78 } as const;
const script = {
  lots: [{ brand: 'PB fines', declared: 'PB fines', incidents: [slag] }],
  lotT: 100,
  emptySeconds: 20,
};

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-berth-flow-'));
const scope = new Scope();
let board: () => Promise<Board>;
beforeAll(async () => {
  const { prepare } = (await import(pathToFileURL(built).href)) as typeof Stand;
  const camera = { width: 640, height: 352, fps: 5 };
  const stand = await prepare(folder, scope, () => {}, { camera, script, warmUpSeconds: 10 });
  board = () => Promise.race([stand.board(), stand.box.died]);
}, 180_000);
afterAll(async () => {
  await scope[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function increments(count: number): Promise<BoardIncrement[]> {
  let found: BoardIncrement[] = [];
  await until(
    async () => {
      found = (await board()).lots.flatMap((lot) => lot.increments);
      return found.length >= count;
    },
    'increments',
    150_000,
  );
  return found.sort((a, b) => a.increment - b.increment);
}

test('clean ore is clear, wholly covered, and no instrument drifts', async () => {
  const found = await increments(3);
  const first = found.slice(0, 3);
  expect(first.map(({ outcome, reasons }) => ({ outcome, reasons }))).toEqual(
    Array.from({ length: 3 }, () => ({ outcome: 'clear', reasons: [] })),
  );
  // A machine with other work may miss a window of one of them, and says so by the coverage.
  const coverages = first.map(({ coverage }) => coverage);
  expect(Math.max(...coverages)).toBe(1);
  expect(Math.min(...coverages)).toBeGreaterThanOrEqual(0.5);
  expect((await board()).instruments).toEqual([]);
  expect((await board()).radiation).toEqual([]);
}, 200_000);

test('the increment with slag in it is suspect, and a sample of it is asked for', async () => {
  const found = await increments(4);
  expect(found[3]).toMatchObject({ outcome: 'suspect' });
  const lot = (await board()).lots.find(({ samples }) => samples.length > 0);
  expect(lot?.samples).toMatchObject([{ increment: 3 }]);
}, 200_000);
