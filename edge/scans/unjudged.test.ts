import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emission } from '#flows/event';
import type { FlowDocument } from '#flows/flow';
import { opened, pixels, scanLimits } from '#test/support/scans';
import { until } from '#test/support/until';
import { Scans } from './scans.ts';
import { judgeLeftOvers, patienceMs } from './unjudged.ts';

let folder: string;
const undo: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-unjudged-'));
});
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
  rmSync(folder, { recursive: true });
});

function start(): Scans {
  const scans = new Scans({
    folder,
    limits: scanLimits,
    now: Date.now,
    emit: (_, committed) => committed?.(),
  });
  undo.push(() => scans.stop());
  return scans;
}

function leftOvers(scans: Scans): Emission[] {
  const said: Emission[] = [];
  const emit = (emission: Emission, committed?: () => void) => {
    said.push(emission);
    committed?.();
  };
  undo.push(judgeLeftOvers({ scans, emit, now: Date.now, waitMs: 20 }));
  return said;
}

test('a scan that a kill has cut, and that no flow knows of, is judged none, once', async () => {
  const before = start();
  before.open(opened('seen', 20)).append(pixels(8 * 2 * 20, 'x'));
  before.open(opened('bare', 20));
  before.open(opened('judged', 20)).append(pixels(8 * 2 * 20, 'x'));
  await before.stop();
  const after = start();
  const said = leftOvers(after);
  // The flow still knew this one.
  after.judged('judged');
  await until('both are judged', () => said.length === 2);
  expect(said.map(({ data }) => [data.scan, data.outcome]).sort()).toEqual([
    ['bare', 'none'],
    ['seen', 'none'],
  ]);
  expect(after.unjudged()).toEqual([]);
  await after.stop();
  expect(start().unjudged()).toEqual([]);
});

test('it waits for as long as the stages of its flows may, and says nothing where none judges', () => {
  const flow = (nodes: object[]) => ({ id: 'f', version: 1, nodes, wires: [] }) as unknown as FlowDocument;
  const infer = { id: 'look', stage: 'infer', config: { silenceSeconds: 6 } };
  const verdict = { id: 'judge', stage: 'verdict', config: { silenceSeconds: 7, deadlineSeconds: 2 } };
  expect(patienceMs([flow([infer, verdict]), flow([infer])])).toBe(25_000);
  expect(patienceMs([flow([{ id: 'judge', stage: 'verdict', config: {} }])])).toBe(85_000);
  expect(patienceMs([flow([infer])])).toBeUndefined();
});
