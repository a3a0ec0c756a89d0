import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { commandRun } from '#test/support/command-run';
import { command } from './calibrate.ts';
import { UsageError } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'qw-calibrate-'));
const at = (name: string) => join(folder, name);

const call = (...args: string[]) => commandRun(command, args);

const wavelengths = Array.from({ length: 60 }, (_, i) => 1400 + 10 * i);
const random = new Random(31);
function sample() {
  const [fe, water] = [random.between(55, 66), random.between(4, 10)];
  const spectrum = wavelengths.map(
    (w) =>
      0.02 * fe * Math.exp(-(((w - 1500) / 80) ** 2)) +
      0.1 * water * Math.exp(-(((w - 1900) / 60) ** 2)) +
      0.002 * random.normal(),
  );
  return { fe: fe + 0.1 * random.normal(), water, spectrum };
}
const samples = Array.from({ length: 40 }, sample);
const text = (header: readonly unknown[], rows: readonly (readonly unknown[])[]) =>
  `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
const spectra = text(
  wavelengths,
  samples.map(({ spectrum }) => spectrum),
);
const values = text(
  ['sample', 'Fe', 'H2O'],
  samples.map(({ fe, water }, i) => [`s${i}`, fe, i === 4 ? '' : water]),
);

beforeAll(() => {
  writeFileSync(at('X.csv'), spectra);
  writeFileSync(at('Y.csv'), values);
});
const pls = (...more: string[]) => ['pls', '--spectra', at('X.csv'), '--values', at('Y.csv'), ...more];

describe('calibrate', () => {
  test('makes a bundle, predicts with it, and takes it to another instrument', {
    timeout: 90_000,
  }, async () => {
    const made = await call(...pls('--target', 'Fe', '--out', at('fe')));
    expect(made.rows).toMatchObject([
      { target: 'Fe', components: expect.any(Number), samples: 40, version: '1.0.0' },
    ]);
    expect(made.rows[0].rmsecv).toBeLessThan(0.2);

    const predicted = await call('predict', '--bundle', at('fe'), '--spectra', at('X.csv'));
    expect([predicted.code, predicted.rows.length]).toEqual([0, 40]);
    expect(predicted.err).toMatch(/bundle\.unsigned/);
    for (const [i, row] of predicted.rows.entries()) {
      expect(row).toMatchObject({ index: i, t2: expect.any(Number), q: expect.any(Number), signed: false });
      expect(row.lower).toBeLessThan(row.value);
      expect(Math.abs(row.value - (samples[i]?.fe ?? 0))).toBeLessThan(0.8);
    }

    const few = samples.slice(0, 8).map(({ spectrum }) => spectrum);
    writeFileSync(at('A.csv'), text(wavelengths, few));
    writeFileSync(
      at('C.csv'),
      text(
        wavelengths,
        few.map((row) => row.map((value) => 1.1 * value + 0.04)),
      ),
    );
    const moved = await call(
      'transfer',
      '--bundle',
      at('fe'),
      '--primary',
      at('A.csv'),
      '--secondary',
      at('C.csv'),
      '--out',
      at('fe2'),
    );
    expect(moved.rows).toMatchObject([{ target: 'Fe', samples: 8, id: 'pls-fe-transferred' }]);
    expect(moved.rows[0].rmsAfter).toBeLessThan(moved.rows[0].rmsBefore / 5);
    const there = await call('predict', '--bundle', at('fe2'), '--spectra', at('C.csv'));
    for (const [i, row] of there.rows.entries())
      expect(Math.abs(row.value - predicted.rows[i].value)).toBeLessThan(0.2);
  });

  test('takes the components that it is told, and leaves out samples without a value', async () => {
    const { rows, err } = await call(...pls('--target', 'H2O', '--components', '2', '--out', at('water')));
    expect(rows).toMatchObject([{ components: 2, samples: 39 }]);
    expect(err).toMatch(/1 samples have no H2O/);
  });

  test('goes on after a bad spectrum, by its line, and ends with 1', async () => {
    const lines = spectra.split('\n').slice(0, 4);
    lines[2] = (lines[2] ?? '').replace(/^[^,]*/, 'wet');
    writeFileSync(at('bad.csv'), lines.join('\r\n'));
    const { code, rows, err } = await call('predict', '--bundle', at('fe'), '--spectra', at('bad.csv'));
    expect([code, rows.map(({ index }) => index)]).toEqual([1, [0, 2]]);
    expect(err).toMatch(/calibration\.cell at .*bad\.csv:3: .*1400 is no number: wet/);
  });

  test('interpolates spectra with other points, and refuses those that do not reach far enough', async () => {
    const finer = Array.from({ length: 121 }, (_, i) => 1398 + 5 * i);
    writeFileSync(at('finer.csv'), text(finer, [finer.map((w) => Math.exp(-(((w - 1500) / 80) ** 2)))]));
    const { code, err, rows } = await call('predict', '--bundle', at('fe'), '--spectra', at('finer.csv'));
    expect([code, rows.length]).toEqual([0, 1]);
    expect(err).toMatch(/calibration\.resampled/);
    writeFileSync(at('short.csv'), text(wavelengths.slice(9), [wavelengths.slice(9).map(() => 1)]));
    await expect(call('predict', '--bundle', at('fe'), '--spectra', at('short.csv'))).rejects.toMatchObject({
      problem: { code: 'calibration.axis' },
    });
  });

  test.each<[string, string, string]>([
    ['calibration.table', 'X.csv', 'one line\n'],
    ['calibration.table', 'X.csv', `${spectra}1,2,3\n`],
    ['calibration.table', 'X.csv', spectra.replace('1410', '1400')],
    ['calibration.cell', 'X.csv', spectra.replace(/\n[^,]*/, '\nNaN')],
    ['calibration.rows', 'X.csv', spectra.split('\n').slice(0, 30).join('\n')],
    ['calibration.cell', 'Y.csv', values.replace(/s3,[^,]*/, 's3,high')],
    ['calibration.flat', 'Y.csv', values.replace(/(s\d+),[^,]*/g, '$1,60')],
  ])('refuses with %s a wrong %s', async (code, name, content) => {
    writeFileSync(at(name), content);
    await expect(call(...pls('--target', 'Fe', '--out', at('none')))).rejects.toMatchObject({
      problem: { code },
    });
    writeFileSync(at('X.csv'), spectra);
    writeFileSync(at('Y.csv'), values);
  });

  test.each([
    [[], 'Say what to do'],
    [['paint'], 'no `calibrate paint`'],
    [['predict', '--bundle', 'x', '--spectra', 'y', '--out', 'z'], 'takes no --out'],
    [['predict', '--bundle', 'x'], '--spectra is missing'],
    [pls('--target', 'Fe', '--components', '0', '--out', 'z'), 'no whole number'],
    [pls('--target', 'Gold', '--out', 'z'), 'calibration.target'],
  ])('refuses the call %j', async (args, words) => {
    const refused = call(...args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(words);
  });
});
