import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '#flows/fault';
import type { ScanModel } from '#flows/inference';
import type { FrameMessage } from '#flows/scan';
import { buildLimitMs, builtModels } from '#test/support/built';
import { type BundleParts, lineGolden, writeBundle } from '#test/support/bundles';
import { sumTask } from '#test/support/line-task';
import { until } from '#test/support/until';
import { ModelShelf } from './models.ts';

beforeAll(builtModels, buildLimitMs);
const shelves: ModelShelf[] = [];
afterEach(() => Promise.all(shelves.splice(0).map((shelf) => shelf.close())));

const never = { stopped: false, onStop: () => undefined };

const strip = (scan: string, width: number): FrameMessage => ({
  kind: 'frame',
  quality: 'good',
  attributes: {},
  view: 'side',
  width,
  height: 1,
  planes: ['high'],
  bits: 16,
  data: { file: 'none', offset: 0, sha256: '' },
  scan,
});

function shelf(): { shelf: ModelShelf; notices: Problem[] } {
  const notices: Problem[] = [];
  const made = new ModelShelf({
    frames: { read: () => Promise.reject(new Error('no frames here')) },
    tasks: { line: () => Promise.resolve(sumTask) },
    onNotice: (problem) => notices.push(problem),
  });
  shelves.push(made);
  return { shelf: made, notices };
}

const root = () => mkdtempSync(join(tmpdir(), 'qw-shelf-'));
const bundle = (folder: string, version: string, parts: BundleParts = {}) =>
  writeBundle(join(folder, 'line', version), { ...parts, manifest: { version, ...parts.manifest } });
const wrongGolden = {
  ...lineGolden,
  cases: lineGolden.cases.map((entry) => ({
    ...entry,
    outputs: { y: { dims: [1, 4], values: [9, 9, 9, 9] } },
  })),
};

function model(from: ModelShelf): ScanModel {
  const found = from.model('line');
  if (!found) throw new Error('the model is not there');
  return found;
}

describe('models of a folder', () => {
  test('are the newest that are right; what is not is told', async () => {
    const folder = root();
    bundle(folder, '1.9.0');
    bundle(folder, '1.10.0');
    bundle(folder, '2.0.0', { golden: wrongGolden });
    const { shelf: models, notices } = shelf();
    await models.loadAll(folder);
    expect(models.health()).toMatchObject([
      { id: 'line', version: '1.10.0', signed: false, provider: 'cpu' },
    ]);
    expect(notices.map(({ code }) => code)).toEqual(['bundle.golden', 'bundle.unsigned']);
    expect(models.model('other')).toBeUndefined();
  });

  test.each<[string, string, BundleParts, string]>([
    ['older', '0.9.0', {}, 'bundle.old'],
    ['the same version with other content', '1.0.0', { manifest: { title: 'Another' } }, 'bundle.conflict'],
    ['one that gives other outputs', '1.0.1', { golden: wrongGolden }, 'bundle.golden'],
    ['one for another task', '1.0.1', { manifest: { task: 'other' } }, 'model.task'],
  ])('keep what runs when %s comes', async (_, version, parts, code) => {
    const { shelf: models } = shelf();
    await models.load(bundle(root(), '1.0.0'));
    await expect(models.load(bundle(root(), version, parts))).rejects.toMatchObject({ problem: { code } });
    expect(models.health()).toMatchObject([{ version: '1.0.0', workers: { running: 1 } }]);
    expect(await model(models).run(strip('a', 3), never)).toEqual({ version: '1.0.0', result: 7 });
  });

  test('change under load without a lost strip, and a scan stays with its version', async () => {
    const { shelf: models } = shelf();
    await models.load(bundle(root(), '1.0.0'));
    const swap = models.load(bundle(root(), '1.1.0'));
    let swapped = false;
    void swap.then(() => {
      swapped = true;
    });
    const judge = async (scan: string, goesOn: (strips: number) => boolean) => {
      let known: unknown;
      let strips = 0;
      for (; goesOn(strips); strips++) {
        const result = await model(models).run(strip(scan, strips), never);
        ({ known } = model(models).add(known, strip(scan, strips), result));
      }
      const [finding] = model(models).conclude(known, strip(scan, 0));
      expect(finding?.evidence).toEqual(Array.from({ length: strips }, (_, at) => 2 * at + 1));
      return finding?.modelVersion;
    };
    let after = 0;
    // Two scans go on over the swap, and long enough after it.
    const over = ['a', 'b'].map((scan) => judge(scan, () => !swapped || after++ < 20));
    await swap;
    const next = await judge('c', (strips) => strips < 5);
    expect(await Promise.all(over)).toEqual(['1.0.0', '1.0.0']);
    expect(next).toBe('1.1.0');
    await until('the old version has ended', () => models.retiring() === 0);
  });

  test('abstain for a deployment class that the bundle has no thresholds for', async () => {
    const { shelf: models } = shelf();
    await models.load(bundle(root(), '1.0.0'));
    const elsewhere = models.model('line', { deployment: 'elsewhere' });
    const result = await elsewhere?.run(strip('a', 1), never);
    const known = elsewhere?.add(undefined, strip('a', 1), result).known;
    expect(elsewhere?.conclude(known, strip('a', 1))).toMatchObject([
      { label: 'abstained', evidence: { reasons: [expect.stringContaining('elsewhere')] } },
    ]);
    expect(models.model('line', { deployment: 'elsewhere' })).toBe(elsewhere);
  });

  test('say of a scan that two versions looked at that it was not looked at whole', async () => {
    const { shelf: models } = shelf();
    await models.load(bundle(root(), '2.0.0'));
    // What a checkpoint of before a restart remembers.
    const known = { version: '1.0.0', known: [1] };
    const result = await model(models).run(strip('a', 1), never);
    const said = model(models).add(known, strip('a', 1), result);
    const [finding] = model(models).conclude(said.known, strip('a', 1));
    expect(finding?.evidence).toEqual([expect.stringContaining('Version 2.0.0 looked at this strip')]);
  });
});
