import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBundle } from '#models/bundle/load';
import { buildLimitMs, builtModels } from '#test/support/built';
import { writeBundle } from '#test/support/bundles';
import { sumTask } from '#test/support/line-task';
import { writePhotograph, writePicture } from '#test/support/pictures';
import { type CommandIo, UsageError } from './command.ts';
import { command } from './model.ts';
import { infer } from './models/infer.ts';

beforeAll(builtModels, buildLimitMs);
const root = mkdtempSync(join(tmpdir(), 'qw-model-'));
const bundles = join(root, 'bundles');
writeBundle(join(bundles, 'line', '1.0.0'));
writeBundle(join(bundles, 'line', '1.2.0'), { manifest: { version: '1.2.0' } });

async function call(work: (io: CommandIo) => Promise<number>) {
  const said = { out: '', err: '' };
  const into = (name: keyof typeof said) =>
    new PassThrough().on('data', (bytes: Buffer) => {
      said[name] += bytes.toString();
    });
  const [stdout, stderr] = [into('out'), into('err')];
  const { signal } = new AbortController();
  const code = await work({ stdin: Readable.from([]), stdout, stderr, signal });
  return {
    code,
    ...said,
    rows: () =>
      said.out
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}
const model = (...args: string[]) => call((io) => command.run([...args, '--bundles', bundles], io));

describe('model', () => {
  test('eval of iron ore takes no data and writes none: it is simulated', async () => {
    const refused = call((io) => command.run(['eval', 'iron-ore', '--write'], io));
    await expect(refused).rejects.toThrow(UsageError);
  });

  test('lists the newest version of each bundle', async () => {
    const { code, rows } = await model('list', '--json');
    expect([code, rows()]).toEqual([
      0,
      [expect.objectContaining({ id: 'line', version: '1.2.0', task: 'line' })],
    ]);
  });

  test('verifies hashes and golden outputs, and complains of what is wrong by exit 1', async () => {
    const good = await model('verify', 'line');
    expect([good.code, good.out]).toEqual([
      0,
      'line 1.2.0: 3 hashes and 1 golden outputs on cpu are right; not signed\n',
    ]);
    const spoiled = writeBundle(join(root, 'spoiled', 'line'));
    const file = join(spoiled, 'model.onnx');
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const bad = await call((io) => command.run(['verify', '--bundles', join(root, 'spoiled')], io));
    expect([bad.code, bad.out]).toEqual([1, '']);
    expect(bad.err).toMatch(/^bundle\.hash at .*model\.onnx/);
  });

  test('abstains on pictures that are no calibrated scan, with reasons, and goes on after a bad one', async () => {
    const files = [
      await writePicture(root, 'one.png', { columns: 40, rows: 8 }),
      join(root, 'none.png'),
      await writePhotograph(root, 'photograph.jpg', { columns: 33, rows: 7 }),
    ];
    const { code, err, rows } = await model('infer', 'line', ...files);
    expect(code).toBe(1);
    expect(err).toMatch(/^picture\.unreadable at .*none\.png/);
    expect(err).toMatch(/^bundle\.unsigned/m);
    expect(rows()).toMatchObject([
      {
        kind: 'finding',
        model: 'line',
        modelVersion: '1.2.0',
        label: 'abstained',
        attributes: { final: true, signed: false, file: files[0] },
        evidence: {
          picture: { format: 'png', columns: 40, rows: 8, bits: 16 },
          reasons: [
            expect.stringContaining('calibration missing'),
            expect.stringContaining('energies missing'),
            expect.stringContaining('pixel size missing'),
            expect.stringContaining('one plane'),
          ],
        },
      },
      { label: 'abstained', attributes: { file: files[2] } },
    ]);
  });

  test('judges a picture when all that a scanner would say of it is said', async () => {
    const file = await writePicture(root, 'two.tif', { columns: 40, rows: 2 }, { pages: 2 });
    const bundle = await loadBundle(join(bundles, 'line', '1.2.0'));
    const calibration = { airLevel: 60_000, energiesMv: [6, 4], pixelMm: 5, scanner: '0a' };
    const tasks = { line: () => Promise.resolve(sumTask) };
    const asked = { calibration, providers: ['cpu' as const], tasks };
    const { code, err, rows } = await call((io) =>
      infer(bundle, [file], asked, { folder: bundles, load: {} }, io),
    );
    expect([code, err]).toEqual([0, expect.stringMatching(/^bundle\.unsigned/)]);
    // The model doubled the width of each strip and added one.
    expect(rows()).toMatchObject([{ label: 'line', evidence: [65, 17], attributes: { file } }]);
  });

  test.each([
    [[], 'Say what to do'],
    [['infer', 'line'], 'Name the pictures'],
    [['infer', 'nobody', 'x.png'], 'There is no model nobody'],
    [['infer', 'line', 'x.png', '--pixel-mm=-1'], 'above 0'],
    [['verify', '--providers', 'abacus'], 'abacus is no provider'],
    [['verify', '--key', 'short'], '--key'],
    [['paint'], 'no `model paint`'],
  ])('refuses the call %j', async (args, words) => {
    const refused = model(...args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(words);
  });
});
