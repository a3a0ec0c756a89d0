import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { commandRun } from '#test/support/command-run';
import { UsageError } from './command.ts';
import { command } from './xrf.ts';

const folder = mkdtempSync(join(tmpdir(), 'qw-xrf-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const call = (...args: string[]) => commandRun(command, args);

/** Iron and copper, with plain Gaussians of 150 eV that the response of the fit has to find. */
const gain = 0.015;
const random = new Random(9);
const counts = Array.from({ length: 800 }, (_, i) => {
  const peak = (energy: number, area: number) =>
    (area * gain * Math.exp(-(((i * gain - 0.02 - energy) / 0.09) ** 2))) / (0.09 * Math.sqrt(Math.PI));
  // The continuum ends where the tube's voltage does.
  const continuum = 6 * Math.max(0, 11 - i * gain);
  const mean = continuum + peak(6.399, 40_000) + peak(7.058, 5360) + peak(8.041, 9000) + peak(8.905, 1240);
  return random.poisson(mean);
});
const axis = { unit: 'keV', start: -0.02, step: gain };

describe('xrf fit', () => {
  test.each<[string, string, string[]]>([
    [
      'spectrum.ndjson',
      `${JSON.stringify({ kind: 'position' })}\n${JSON.stringify({ kind: 'spectrum', technique: 'xrf', axis, values: counts })}\n`,
      [],
    ],
    ['spectrum.csv', counts.join('\n'), ['--calibration', '-0.02,0.015']],
    [
      'spectrum.jdx',
      `##TITLE=x\n##JCAMP-DX=4.24\n##DATA TYPE=XRF\n##XUNITS=KEV\n##YUNITS=COUNTS\n##XFACTOR=1\n##YFACTOR=1\n##FIRSTX=-0.02\n##LASTX=${-0.02 + 799 * gain}\n##NPOINTS=800\n##FIRSTY=${counts[0]}\n##XYDATA=(X++(Y..Y))\n${counts.map((count, i) => `${(i * gain - 0.02).toFixed(6)} ${count}`).join('\n')}\n##END=\n`,
      [],
    ],
  ])('finds iron and copper in %s', { timeout: 60_000 }, async (name, text, more) => {
    const { code, rows, err } = await call('fit', file(name, text), ...more);
    expect(code).toBe(0);
    expect(rows.map(({ element, line }) => `${element} ${line}`)).toEqual(['Fe Ka', 'Cu Ka']);
    expect(rows[0].energyKeV).toBeCloseTo(6.4, 2);
    expect(Math.abs(rows[0].area - 40_000)).toBeLessThan(4 * rows[0].areaSigma + 400);
    expect(Math.abs(rows[1].area - 9000)).toBeLessThan(4 * rows[1].areaSigma + 100);
    expect(err).toMatch(/series looked for below 1[01]/);
  });

  test.each([
    ['xrf.calibration', counts.join('\n'), []],
    ['xrf.range', counts.join('\n'), ['--calibration', '0,15']],
    ['xrf.form', '{"kind":"spectrum","axis":{"unit":"keV","start":0,"step":1},"values":[1,2]}', []],
    ['xrf.form', '{"kind":"spectrum"', []],
    ['xrf.form', '##TITLE=x\n##END=\n', []],
    ['xrf.form', 'MZ\0\0\0', []],
  ])('refuses with %s what it cannot use', async (code, text, more) => {
    await expect(call('fit', file('bad', text), ...more)).rejects.toMatchObject({ problem: { code } });
  });

  test.each([
    [[], 'Say what to do'],
    [['paint', 'x'], 'no `xrf paint`'],
    [['fit'], 'Name one file'],
    [['fit', 'x', '--calibration', '0.1'], 'is not 2 to 3 numbers'],
    [['fit', 'x', '--calibration', '0,-0.1'], 'gain above 0'],
    [['fit', 'x', '--confidence', '2'], 'between 0.5 and 1'],
    [['fit', 'x', '--elements', 'Fe,Xx'], 'Xx is no element'],
  ])('refuses the call %j', async (args, words) => {
    const refused = call(...args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(words);
  });

  test('says which file is not there', async () => {
    await expect(call('fit', '/tmp/no-such.spe')).rejects.toMatchObject({ problem: { code: 'xrf.file' } });
  });
});
