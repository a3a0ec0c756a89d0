import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CalibrationView, LaboratoryResult } from '#hub/api/laboratory-types';
import { Berth, LotRun, openOreWorld } from '#models/physics/ore/berth';
import { Random } from '#models/physics/xray/random';
import { startHub, type TestHub } from '#test/support/hub';
import { chromiumPath, openBrowser, patience, shootAll, signedIn } from './browser.ts';

const wavelengths = Array.from({ length: 60 }, (_, i) => 1400 + 10 * i);

/** Spectra of so many samples, on an instrument whose gain and offset are a little off, and their values. */
function samples(count: number, gain = 1, offset = 0) {
  const random = new Random(31);
  const all = Array.from({ length: count }, () => {
    const [iron, water] = [random.between(55, 66), random.between(4, 10)];
    const spectrum = wavelengths.map((w) => {
      const bands = 0.02 * iron * Math.exp(-(((w - 1500) / 80) ** 2));
      return gain * (bands + 0.1 * water * Math.exp(-(((w - 1900) / 60) ** 2))) + offset;
    });
    return { iron, spectrum: spectrum.map((value) => value + 0.002 * random.normal()) };
  });
  const csv = (rows: readonly (readonly (string | number)[])[]) =>
    `${rows.map((row) => row.join(',')).join('\n')}\n`;
  return {
    spectra: csv([wavelengths, ...all.map(({ spectrum }) => spectrum)]),
    values: csv([['sample', 'Fe'], ...all.map(({ iron }, i) => [`s${i}`, iron])]),
  };
}

/** Counts of a simulated analyser over ore. */
function fluorescence(): string {
  const world = openOreWorld();
  const [brand] = world.materials.brands;
  if (!brand) throw new Error('no brand');
  const { counts } = new LotRun(new Berth(world, 7), brand, 5).window(5, 20);
  return `${[...counts].join('\n')}\n`;
}

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const { spectra, values } = samples(40);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
}, 240_000);
afterAll(() => hub?.close(), 60_000);

const post = async (path: string, body: object) => {
  const answer = await hub.api(`/laboratory/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return {
    status: answer.status,
    said: (await answer.json()) as LaboratoryResult & { code?: string; message?: string },
  };
};

describe('the laboratory of a hub', () => {
  const given = {
    target: 'Fe',
    spectra: { name: 'nir.csv', text: spectra },
    values: { name: 'lab.csv', text: values },
  };

  test('calibrates, keeps what it is told to in versions that count up, and predicts with it', async () => {
    const first = await post('calibrations', given);
    expect(first.said).toMatchObject({ rows: [{ target: 'Fe', samples: 40 }] });
    expect(first.said.kept).toBeUndefined();
    expect(await hub.json<CalibrationView[]>('/laboratory/calibrations')).toEqual([]);
    expect((await post('calibrations', { ...given, keep: true })).said.kept).toEqual({
      id: 'pls-fe',
      version: '1.0.0',
    });
    expect((await post('calibrations', { ...given, keep: true })).said.kept).toEqual({
      id: 'pls-fe',
      version: '1.0.1',
    });
    const known = await hub.json<CalibrationView[]>('/laboratory/calibrations');
    expect(known.map(({ id, version }) => `${id} ${version}`)).toEqual(['pls-fe 1.0.1', 'pls-fe 1.0.0']);
    const { said } = await post('predictions', {
      from: { id: 'pls-fe', version: '1.0.1' },
      spectra: { name: 'new.csv', text: spectra },
    });
    expect(said.rows).toHaveLength(40);
    expect(said.rows[0]).toMatchObject({ index: 0, target: 'Fe' });
    expect(said.notes).toEqual([]);
  }, 240_000);

  test('names a wrong file as whoever gave it knows it, and leaves nothing behind', async () => {
    const wrong = await post('calibrations', { ...given, values: { name: 'lab.csv', text: 'Fe\n60\n' } });
    expect([wrong.status, wrong.said.code]).toEqual([400, 'laboratory.refused']);
    expect(wrong.said.message).toContain('nir.csv, lab.csv');
    expect(wrong.said.message).not.toContain('/tmp');
    const strange = await post('predictions', {
      from: { id: 'nobody', version: '1.0.0' },
      spectra: { name: 'new.csv', text: spectra },
    });
    expect([strange.status, strange.said.code]).toEqual([404, 'api.notFound']);
  }, 240_000);

  test('does not take a name of a column for an option', async () => {
    const wrong = await post('calibrations', { ...given, target: '--out=/etc' });
    expect(wrong.said.code).toBe('laboratory.refused');
  }, 60_000);
});

describe.skipIf(!chromiumPath)('the laboratory on the screen (needs Chromium)', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    page = await signedIn(browser, hub, errors);
  }, 240_000);
  afterAll(() => browser?.close(), 60_000);

  const go = async (view: string) => {
    await page.goto(`${hub.hub.url}/laboratory/${view}`);
    await page.getByTestId('laboratory').waitFor();
  };
  const choose = (testId: string, name: string, text: string) =>
    page.getByTestId(testId).setInputFiles(file(name, text));

  test('a calibration is made of two files, looked at, and kept', async () => {
    await go('calibrate');
    await choose('lab-spectra', 'nir.csv', spectra);
    await choose('lab-values', 'lab.csv', values);
    await page.getByTestId('lab-start').click();
    await page.getByTestId('lab-predicted').waitFor();
    await expect.poll(() => page.locator('[data-testid="lab-predicted"] circle').count(), patience).toBe(40);
    await expect.poll(() => page.locator('[data-testid="lab-components"] .taken').count(), patience).toBe(1);
    await page.getByTestId('lab-keep').click();
    await page.getByTestId('lab-kept').waitFor();
    await expect.poll(() => page.getByTestId('lab-kept').innerText(), patience).toContain('pls-fe 1.0.2');
    await page.getByTestId('lab-name').fill('Mine A');
    await page.getByTestId('lab-keep').click();
    await page.getByTestId('lab-list').getByText('pls-fe-mine-a').waitFor();
    await expect
      .poll(() => page.getByTestId('lab-list').innerText(), patience)
      .toMatch(/pls-fe-mine-a\s[\s\S]*no flow yet/);
    await shootAll(page, 'laboratory-calibrate');
  }, 240_000);

  test('it is taken to another instrument, and predicts', async () => {
    await go('transfer');
    await page.getByTestId('lab-calibration').selectOption('pls-fe 1.0.2');
    await choose('lab-primary', 'a.csv', samples(12).spectra);
    await choose('lab-secondary', 'b.csv', samples(12, 0.9, 0.05).spectra);
    await page.getByTestId('lab-start').click();
    await page.getByTestId('lab-tried').waitFor();
    await shootAll(page, 'laboratory-transfer');
    await go('predict');
    await page.getByTestId('lab-calibration').selectOption('pls-fe 1.0.2');
    await choose('lab-spectra', 'new.csv', samples(25, 1.002).spectra);
    await page.getByTestId('lab-start').click();
    await page.getByTestId('lab-values-chart').waitFor();
    await shootAll(page, 'laboratory-predict');
  }, 240_000);

  test('a fluorescence spectrum is fitted, and its lines are named', async () => {
    await go('fluorescence');
    await choose('lab-file', 'belt.txt', fluorescence());
    await page.getByTestId('lab-energies').fill('0, 0.03');
    await page.getByTestId('lab-start').click();
    await page.getByTestId('lab-fit').waitFor();
    await expect.poll(() => page.getByTestId('lab-fit').innerText(), patience).toContain('Fe');
    await expect.poll(() => page.getByTestId('lab-elements').innerText(), patience).toContain('claimed');
    // No excitation was given: what the tube's rhodium scattered is told as perhaps the tube's.
    await expect.poll(() => page.getByTestId('lab-tube').innerText(), patience).toContain('Rh Ka (20.2');
    await shootAll(page, 'laboratory-fluorescence');
    expect(errors).toEqual([]);
  }, 240_000);
});
