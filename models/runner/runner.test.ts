import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildLimitMs, builtModels } from '#test/support/built';
import { type BundleParts, lineGolden, writeBundle } from '#test/support/bundles';
import { loopModel } from '#test/support/networks';
import { bundleFolder, row, startRunner, valuesOf } from '#test/support/runners';
import type { Runner, RunnerOptions } from './runner.ts';

beforeAll(builtModels, buildLimitMs);
const open: Runner[] = [];
afterEach(() => Promise.all(open.splice(0).map((runner) => runner.close())));

const faulty = fileURLToPath(new URL('../../test/support/prepare/by-sign.mjs', import.meta.url));
const hang = row(1000, 0, 0, 0);
const exit = row(2000, 0, 0, 0);
const die = row(3000, 0, 0, 0);
const broken = row(4000, 0, 0, 0);

async function start(options: Partial<RunnerOptions> = {}, prepare?: string, parts: BundleParts = {}) {
  const runner = await startRunner(parts, options, prepare);
  open.push(runner);
  return runner;
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );

describe('a runner', () => {
  test('gives the outputs of the model for samples in shared memory, joined where it can', async () => {
    const runner = await start();
    const outputs = await Promise.all([0, 1, 2, 3, 4].map((value) => runner.run(row(value, 0, 0, -value))));
    expect(outputs.map((output) => valuesOf(output))).toEqual(
      [0, 1, 2, 3, 4].map((value) => [2 * value + 1, 1, 1, 1 - 2 * value]),
    );
    expect(outputs[1]?.['y']?.dims).toEqual([1, 4]);
    // One while the others came, then four at once.
    expect(runner.health()).toMatchObject({ runs: 2, samples: 5, provider: 'cpu' });
  });

  test('prepares in the thread, from shared samples and parameters', async () => {
    const runner = await start({}, faulty);
    expect(valuesOf(await runner.run(row(1, 2, 3, 4), { params: { gain: 10 } }))).toEqual([21, 41, 61, 81]);
    // Nothing of the sample before is left in the memory.
    expect(valuesOf(await runner.run(row(1), { params: {} }))).toEqual([3, 1, 1, 1]);
  });

  test.each([
    ['no such input', { z: row(1).x }, 'there is no x'],
    ['another shape', row(1, 2), 'x is 1x2, not batchx4'],
    ['one input too many', { ...row(1, 2, 3, 4), z: row(1).x }, 'it has no z'],
  ])('refuses %s with words', async (_, inputs, detail) => {
    const runner = await start();
    const given = inputs as Parameters<Runner['run']>[0];
    await expect(runner.run(given)).rejects.toMatchObject({
      code: 'model.input',
      message: expect.stringContaining(detail),
    });
  });

  test('refuses at once what its queue has no room for', async () => {
    const runner = await start({ capacity: 2, maxBatch: 1 });
    const codes = await Promise.all([1, 2, 3, 4].map((value) => codeOf(runner.run(row(value, 0, 0, 0)))));
    // One runs, two wait.
    expect(codes).toEqual(['answered', 'answered', 'answered', 'model.busy']);
    expect(runner.health().refused).toEqual({ 'model.busy': 1 });
  });

  test('answers at the deadline, though the model does not', async () => {
    const runner = await start({ hangMs: 600_000 }, faulty);
    const running = codeOf(runner.run(hang, { deadlineMs: 100 }));
    const waiting = codeOf(runner.run(row(1, 2, 3, 4), { deadlineMs: 200 }));
    expect(await Promise.all([running, waiting])).toEqual(['model.late', 'model.late']);
  });

  test('ends a thread that hangs, and goes on with what waited', async () => {
    const runner = await start({ hangMs: 3000, maxBatch: 1 }, faulty);
    const hung = codeOf(runner.run(hang));
    const next = runner.run(row(1, 2, 3, 4));
    expect(await hung).toBe('model.hung');
    expect(valuesOf(await next)).toEqual([3, 5, 7, 9]);
    expect(runner.health()).toMatchObject({
      restarts: 1,
      workers: { running: 1 },
      problem: { code: 'model.hung' },
    });
  });

  test.each([
    ['ends its thread', exit, 'exit 3'],
    ['dies of an error nobody catches', die, 'broken on purpose'],
  ])('starts again when a sample %s, and its neighbours are answered', async (_, sample, detail) => {
    const runner = await start({ maxBatch: 8 }, faulty);
    const first = runner.run(row(0, 0, 0, 0)); // the others join behind it
    const good = [1, 2, 3].map((value) => runner.run(row(value, 0, 0, 0)));
    const bad = runner.run(sample);
    await expect(bad).rejects.toMatchObject({
      code: 'model.crashed',
      message: expect.stringContaining(detail),
    });
    expect((await Promise.all([first, ...good])).map((output) => valuesOf(output)[0])).toEqual([1, 3, 5, 7]);
  });

  test('blames the sample that cannot be prepared, and no other of its batch', async () => {
    const runner = await start({}, faulty);
    const first = runner.run(row(0, 0, 0, 0));
    const codes = [row(1, 0, 0, 0), broken, row(2, 0, 0, 0)].map((sample) => codeOf(runner.run(sample)));
    await first;
    expect(await Promise.all(codes)).toEqual(['answered', 'model.input', 'answered']);
    expect(runner.health().restarts).toBe(0);
  });

  test('does not touch another model when one hangs', async () => {
    const [bad, good] = [await start({ hangMs: 60_000 }, faulty), await start()];
    const never = codeOf(bad.run(hang));
    for (let round = 0; round < 20; round++) {
      expect(valuesOf(await good.run(row(round, 0, 0, 0)))[0]).toBe(2 * round + 1);
    }
    await bad.close();
    expect(await never).toBe('model.stopped');
  });

  test('drops what nobody waits for any more', async () => {
    const runner = await start({ maxBatch: 1 });
    const listeners: (() => void)[] = [];
    const signal = { stopped: false, onStop: (listener: () => void) => void listeners.push(listener) };
    const first = runner.run(row(1, 0, 0, 0));
    const second = codeOf(runner.run(row(2, 0, 0, 0), { signal }));
    for (const stop of listeners) stop();
    expect(await second).toBe('model.stopped');
    await first;
    await runner.drained();
    expect(runner.health().runs).toBe(1);
  });

  test('falls back from a provider that is not there, and says so', async () => {
    const runner = await start({ providers: ['tensorrt', 'cuda', 'webgpu', 'cpu'] });
    const { provider, skipped } = runner.health();
    expect(provider).toBe('cpu');
    expect(skipped.map(({ code }) => code)).toEqual(['model.provider', 'model.provider', 'model.provider']);
    expect(skipped[1]?.message).toContain('Provider cuda cannot be used for line');
    expect(skipped[1]?.help).toContain('Goes on with webgpu');
  });

  test.each([
    ['outputs that are not the golden ones', { golden: golden(2) }, 'bundle.golden', /y at 0 is 1, not 2/],
    ['a file that is no model', { files: { 'model.onnx': 'no model' } }, 'model.load', /protobuf|load/i],
    ['an output by another name', { manifest: { outputs: [other('z')] } }, 'bundle.shape', /no output z/],
  ] as const)('does not start with %s', async (_, parts, code, message) => {
    const refused = startRunner(parts as BundleParts);
    await expect(refused).rejects.toMatchObject({
      problem: { code, message: expect.stringMatching(message) },
    });
  });

  test('ends, and goes on, while native code is under way, without harm to the process', async () => {
    const slow = writeBundle(bundleFolder(), {
      files: { 'model.onnx': loopModel(200_000n) },
      golden: golden(0),
    });
    const program = fileURLToPath(new URL('../../test/support/programs/native-end.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, slow], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said, [status, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect([status, signal]).toEqual([0, null]);
    const { hung, again, stopped } = JSON.parse(said);
    expect(hung).toEqual(['model.hung', 'model.hung', 'model.hung', 'model.hung']);
    expect(again).toEqual([0, -1, -2, -0.5]);
    expect(new Set(stopped)).toEqual(new Set(['model.stopped']));
  }, 60_000);

  test('lives on beside threads that native code never gives back, and gives the model up', async () => {
    const looping = { files: { 'model.onnx': loopModel() }, golden: golden(0) };
    const bundles = [writeBundle(bundleFolder(), looping), writeBundle(bundleFolder())];
    const program = fileURLToPath(new URL('../../test/support/programs/native-hang.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, ...bundles], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(JSON.parse(said)).toEqual({
      codes: ['model.hung', 'model.hung', 'model.hung', 'model.hung', 'model.hung'],
      restarts: 2,
      beside: [3, 5, 7, 9],
    });
  }, 60_000);
});

function golden(first: number) {
  const [one] = lineGolden.cases;
  const y = { dims: [1, 4], values: first === 0 ? [0, -1, -2, -0.5] : [first, -1, -3, 0] };
  return { ...lineGolden, cases: [{ name: 'line', inputs: one?.inputs ?? {}, outputs: { y } }] };
}

function other(name: string) {
  return { name, type: 'float32' as const, shape: ['batch' as const, 4], unit: '1', meaning: 'numbers' };
}
