import { afterEach, beforeAll, expect, test } from 'vitest';
import { buildLimitMs, builtModels } from '#test/support/built';
import { row, startRunner, valuesOf } from '#test/support/runners';
import { lineLayers } from '#test/support/tfjs-model';
import type { Runner, RunnerOptions } from './runner.ts';

beforeAll(builtModels, buildLimitMs);
const open: Runner[] = [];
afterEach(() => Promise.all(open.splice(0).map((runner) => runner.close())));

async function start(options: Partial<RunnerOptions> = {}, change: Record<string, string> = {}) {
  const files = { ...(await lineLayers()), ...change };
  const manifest = { format: 'tfjs' as const, model: 'model.json' };
  const runner = await startRunner({ manifest, files }, options);
  open.push(runner);
  return runner;
}

test('a TensorFlow.js model runs by the same contract, in WebAssembly, joined where it can', async () => {
  const runner = await start();
  const outputs = await Promise.all([0, 1, 2, 3].map((value) => runner.run(row(value, 0, 0, -value))));
  expect(outputs.map((output) => valuesOf(output))).toEqual(
    [0, 1, 2, 3].map((value) => [2 * value + 1, 1, 1, 1 - 2 * value]),
  );
  expect(runner.health()).toMatchObject({ provider: 'wasm', runs: 2, samples: 4, skipped: [] });
});

test('without tfjs-node-gpu a GPU is announced as not there, and it runs all the same', async () => {
  const runner = await start({ providers: ['cuda', 'cpu'] });
  const { provider, skipped } = runner.health();
  expect(provider).toBe('wasm');
  expect(skipped).toMatchObject([
    { code: 'model.provider', message: expect.stringContaining('tfjs-node-gpu') },
  ]);
  expect(valuesOf(await runner.run(row(1, 2, 3, 4)))).toEqual([3, 5, 7, 9]);
});

test('a model.json that is none is refused with words', async () => {
  await expect(start({}, { 'model.json': '{}' })).rejects.toMatchObject({ problem: { code: 'model.load' } });
});
