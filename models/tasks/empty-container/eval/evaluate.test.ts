import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadBundle } from '#models/bundle/load';
import { openRunner } from '#models/models';
import { buildLimitMs, builtModels } from '#test/support/built';

beforeAll(builtModels, buildLimitMs);

const folder = join(import.meta.dirname, '../../../empty-container');

it('a quick evaluation of the bundle as it is: held-out scans are the frozen ones, and figures are as it says', async () => {
  const bundle = await loadBundle(folder);
  const { runner, task } = await openRunner(bundle, {});
  const rows: Readonly<Record<string, unknown>>[] = [];
  const log: string[] = [];
  try {
    const good = await task.evaluate(bundle, runner.run, {
      quick: true,
      signal: new AbortController().signal,
      report: (row) => void rows.push(row),
      log: (line) => void log.push(line),
    });
    expect(log.join('\n')).not.toContain('not the frozen ones');
    expect(good).toBe(true);
  } finally {
    await runner.close();
  }
  expect(rows).toContainEqual(
    expect.objectContaining({ set: 'G', name: 'false alarms', validation: 'simulated' }),
  );
  expect(rows.map(({ name }) => name)).toContain('detection, cargo, at 0.5 % false alarms, residual');
}, 120_000);
