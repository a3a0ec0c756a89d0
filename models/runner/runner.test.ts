import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { builtModels } from '#test/support/built';
import { type BundleParts, writeBundle } from '#test/support/bundles';
import { loadBundle } from '../bundle/load.ts';
import { Runner, type RunnerOptions, runnerDefaults } from './runner.ts';
import type { Tensors } from './tensor.ts';

beforeAll(builtModels, 60_000);
const open: Runner[] = [];
afterEach(() => Promise.all(open.splice(0).map((runner) => runner.close())));

async function runnerOf(parts: BundleParts = {}, options: Partial<RunnerOptions> = {}, prepare?: string) {
  const folder = writeBundle(join(mkdtempSync(join(tmpdir(), 'qw-runner-')), 'bundle'), parts);
  const runner = new Runner(await loadBundle(folder), { ...runnerDefaults, ...options }, prepare);
  open.push(runner);
  await runner.start();
  return runner;
}

const input = (...values: number[]): Tensors => {
  const data = new Float32Array(new SharedArrayBuffer(values.length * 4));
  data.set(values);
  return { x: { data, dims: [1, values.length] } };
};

describe('a runner', () => {
  test('gives the outputs of the model for samples in shared memory', async () => {
    const runner = await runnerOf();
    const outputs = await Promise.all([0, 1, 2, 3, 4].map((value) => runner.run(input(value, 0, 0, -value))));
    expect(outputs.map(({ y }) => [...(y?.data ?? [])])).toEqual(
      [0, 1, 2, 3, 4].map((value) => [2 * value + 1, 1, 1, 1 - 2 * value]),
    );
    expect(outputs[1]?.['y']?.dims).toEqual([1, 4]);
    expect(runner.health().runs).toBeLessThan(5);
  });
});
