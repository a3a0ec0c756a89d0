import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Bench } from './bench.ts';
import { describeRow, figure, runBenches } from './command.ts';

const good: Bench = {
  name: 'good',
  summary: 'two rows',
  run: async (report, log) => {
    log('working');
    report({ name: 'good', value: 30, unit: 'us', reference: 60, ratio: 2 });
    report({ name: 'info.good', value: 1234.5, unit: 'msg/s' });
  },
};
const bad: Bench = { name: 'bad', summary: 'fails', run: () => Promise.reject(new Error('no broker')) };
const list = { bad: async () => bad, good: async () => good };

async function call(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io = { stdin: Readable.from([]), stdout, stderr, signal: new AbortController().signal };
  const code = await runBenches(args, io, list);
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

test('--json gives one object a line and nothing else on standard output', async () => {
  const { code, out, err } = await call('good', '--json');
  expect(code).toBe(0);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { name: 'good', value: 30, unit: 'us', reference: 60, ratio: 2 },
    { name: 'info.good', value: 1234.5, unit: 'msg/s' },
  ]);
  expect(err).toBe('good: working\n');
});

test('a table for people', () => {
  const row = describeRow({ name: 'path', value: 30.04, unit: 'us/message', reference: 61.2, ratio: 2.037 });
  expect(row).toBe(`path${' '.repeat(24)}        30 us/message  beside 61.2 us/message  ratio 2.04`);
  expect(figure(1234.5)).toBe('1235');
  expect(figure(0.01234)).toBe('0.0123');
});

test('a bench that fails is said, and does not stop the others', async () => {
  const { code, out, err } = await call();
  expect(code).toBe(1);
  expect(err).toContain('bad: failed: no broker');
  expect(out).toContain('info.good');
});

test('an unknown name is a wrong call, with the names that there are', async () => {
  await expect(call('godo')).rejects.toThrow('There is no bench `godo`: bad, good.');
  await expect(call('--fast')).rejects.toThrow("Unknown option '--fast'");
  await expect(call('constructor')).rejects.toThrow('There is no bench');
});
