import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScanPage } from '#hub/api/types';
import { scanners } from '#models/physics/xray/scanner';
import { drawScene } from '#models/physics/xray/scene-spec';
import { simulateScan } from '#models/physics/xray/simulate';
import { startBox, type TestBox } from '#test/support/box';
import { startHub, type TestHub, until } from '#test/support/hub';
import { chromiumPath, openBrowser, patience } from './browser.ts';

/** A simulated truck and a test card, written to a real box, over a real hub to the screen in a real browser. */
describe.skipIf(!chromiumPath)('scans on the screen (needs Chromium)', () => {
  const pixelMm = 12;
  const truck = simulateScan({
    seed: 3,
    scanner: scanners.g1,
    pixelMm,
    scene: {
      ...drawScene(5, { empty: 1, containers: ['dry-20'] }),
      smallLoads: [
        { material: 'cocaine', litres: 200, packing: 0.8, shape: 'box', place: 'floor', at: 0.6, seed: 1 },
      ],
    },
  });
  const card = { columns: 600, rows: 200 };
  let hub: TestHub;
  let box: TestBox;
  let browser: Browser;
  let page: Page;
  const id = () => box.box.identity.box;
  const errors: string[] = [];

  beforeAll(async () => {
    hub = await startHub({ scans: { fetch: 'asked' } });
    box = await startBox({ token: await hub.token(), flows: [] });
    await until(async () => (await hub.json<{ link: string }>(`/boxes/${id()}`)).link === 'connected');
    browser = await openBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = '', value = ''] = hub.cookie.split('=');
    await context.addCookies([{ name, value, url: hub.hub.url }]);
    page = await context.newPage();
    page.setDefaultTimeout(patience.timeout);
    page.on('pageerror', (error) => errors.push(error.message));
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await box?.close();
    await hub?.close();
  }, 60_000);

  const open = (scan: string, rows: number, started = new Date().toISOString()) =>
    box.box.scans.open({
      id: scan,
      device: 'scanner-1',
      rows,
      planes: ['high', 'low'],
      attributes: { scanner: 'feed', energiesMv: [6, 4], pixelMm, airLevel: 60_000, started },
    });
  const facts = () => ({
    ended: new Date().toISOString(),
    lines: { received: 1200, lost: 3, doubled: 0, damaged: 0 },
    calibration: 'good' as const,
    badPixels: 2,
  });
  const scans = async () => (await hub.json<ScanPage>('/scans')).scans;
  const go = (path: string) => page.goto(`${hub.hub.url}${path}`);
  const columnsShown = async () =>
    Number(await page.getByTestId('scan-picture').getAttribute('data-columns'));

  /** Mean and range of red over a square of the picture, `x` and `y` as shares of it. */
  async function dots(x: number, y: number) {
    const shot = sharp(await page.getByTestId('scan-picture').screenshot());
    const { width, height } = await shot.metadata();
    const side = 12;
    const { data } = await shot
      .extract({ left: Math.round(x * width), top: Math.round(y * height), width: side, height: side })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = Array.from({ length: side * side }, (_, i) => [...data.subarray(i * 3, i * 3 + 3)]);
    const red = pixels.map((each) => each[0] ?? 0);
    const mean = [0, 1, 2].map((c) => pixels.reduce((sum, each) => sum + (each[c] ?? 0), 0) / pixels.length);
    return { red: mean[0] ?? 0, range: Math.max(...red) - Math.min(...red), mean };
  }

  test('a scan grows while it comes, ends, is judged, and its alarm leads to it in two steps', async () => {
    const stride = truck.rows * 2;
    const writer = open('truck', truck.rows);
    await until(async () => (await scans())[0]?.state === 'live');
    await go('/scans');
    const live = page.getByTestId('scan-card').first();
    await live.waitFor();
    expect(await live.getAttribute('data-outcome')).toBe('live');
    await live.dblclick();
    await page.getByTestId('scan-viewer').waitFor();

    const send = async (from: number, to: number) => {
      for (let column = from; column < to; column += 16) {
        writer.append(truck.samples.subarray(column * stride, Math.min(to, column + 16) * stride));
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    };
    const half = Math.floor(truck.columns / 32) * 16;
    await send(0, half);
    await until(async () => (await columnsShown()) > half / 2, 'half of the scan is shown');
    const before = await columnsShown();
    await send(half, truck.columns);
    writer.close('complete', facts());
    await until(async () => (await columnsShown()) === truck.columns, 'all of the scan is shown');
    expect(before).toBeLessThan(truck.columns);

    const load = truck.truth.loads[0]?.region;
    box.box.runner.group.notice({
      type: 'quaywatch.scan.verdict',
      subject: 'QWLU 100200 7',
      priority: 'alarm',
      stage: 'verdict',
      time: new Date().toISOString(),
      data: {
        scan: 'truck',
        outcome: 'suspect',
        confidence: 0.97,
        reasons: ['Declared empty, but a load is seen.'],
        findings: [
          { label: 'load', score: 0.97, model: 'empty-container', modelVersion: '1.2.0', region: load },
        ],
        models: [{ id: 'empty-container', version: '1.2.0', signed: false, threshold: 0.5, provider: 'cpu' }],
        simulationValidated: true,
      },
    });
    await page.getByTestId('scan-outcome').getByText('Suspect').waitFor();

    await go('/events');
    await page.getByTestId('event').filter({ hasText: 'QWLU 100200 7' }).first().click();
    await page.getByTestId('open-scan').click();
    await page.getByTestId('scan-viewer').waitFor();
    const detail = await until(async () => {
      const text = await page.getByTestId('scan-detail').innerText();
      return text.includes('empty-container 1.2.0') && text.includes('3 lost') && text;
    });
    expect(detail).toContain('Declared empty, but a load is seen.');
    expect(detail).toMatch(/Simulation-validated/);
    expect(detail).toMatch(/Load, very likely \(97 %\)/);
    expect(detail).toMatch(/Signed\s+by nobody/);
  }, 180_000);

  test('the pixels are fetched on demand, and drawn in the colours of their materials', async () => {
    await expect.poll(() => page.getByTestId('pixel-state').innerText(), patience).toContain('at the box');
    await page.getByTestId('fetch').click();
    await until(async () => (await scans())[0]?.place === 'hub');
    await page.getByTestId('pixel-state').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('finding-mark').count(), patience).toBe(1);
    // Without its findings, so that nothing lies over the load.
    await go(`/scans/${id()}/truck?as=organic&opt=bare&finding=0`);
    await until(async () => (await dots(0.5, 0.5)).red > 0);
    const inked = await until(async () => {
      const { mean } = await dots(0.5, 0.55);
      const [red = 0, , blue = 0] = mean;
      return red > blue + 25 && mean;
    }, 'the load is orange');
    expect(inked[0]).toBeGreaterThan(inked[1] ?? 0);
  }, 120_000);

  test('two samples one unit apart are told apart: 16 bit up to the last shader', async () => {
    const { columns, rows } = card;
    const writer = open('card', rows);
    const level = (x: number) => (x < columns / 2 ? 30_000 : 30_001);
    const samples = Uint16Array.from({ length: columns * 2 * rows }, (_, i) =>
      level(Math.floor(i / (2 * rows))),
    );
    writer.append(samples);
    writer.close('complete', facts());
    await until(async () => (await scans()).find(({ scan }) => scan === 'card')?.bytes);
    await hub.api(`/scans/${id()}/card/fetch`, { method: 'POST' });
    await until(async () => (await scans()).find(({ scan }) => scan === 'card')?.place === 'hub');
    await go(`/scans/${id()}/card?as=high&win=0.6931/0.0005`);
    const [left, right] = await until(async () => {
      const pair = [await dots(0.25, 0.5), await dots(0.75, 0.5)] as const;
      return pair[0].red > 60 && pair[0].red !== pair[1].red && pair;
    }, 'the card is drawn');
    expect([left.range, right.range]).toEqual([0, 0]);
    // One unit of 30,000 is a fifteenth of the window: 17 of 255 grey levels.
    expect(right.red - left.red).toBeGreaterThanOrEqual(15);
    expect(right.red - left.red).toBeLessThanOrEqual(19);
    await go(`/scans/${id()}/card?as=high`);
    await until(async () => (await dots(0.25, 0.5)).red > 60);
    expect((await dots(0.75, 0.5)).red).toBe((await dots(0.25, 0.5)).red);
  }, 120_000);

  test('the keyboard alone opens a scan, looks at it, and every look is an address', async () => {
    await go('/scans');
    await page.getByTestId('scan-card').first().waitFor();
    await page.getByTestId('scan-grid').focus();
    for (const key of ['Home', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.getByTestId('scan-viewer').waitFor();
    for (const key of ['V', 'V', 'i', 'e', 'p', 'ArrowLeft', 'ArrowLeft', 'm'])
      await page.keyboard.press(key);
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('m');
    await until(() => /line=/.test(page.url()), 'the address has the line');
    await until(() => /as=high.*win=.*opt=inverted,edges/.test(page.url()), 'the address has the look');
    await expect
      .poll(() => page.getByTestId('profile').innerText(), patience)
      .toMatch(/Profile over 0\.?\d* ?m|Profile over/);
    await expect
      .poll(() => page.getByTestId('readout').innerText(), patience)
      .toMatch(/T high[\s\S]*T low[\s\S]*material/);
    const link = page.url();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByTestId('gallery').waitFor();
    await page.goto(link);
    await page.getByTestId('profile').waitFor();
    await expect
      .poll(() => page.getByTestId('tool-invert').getAttribute('aria-pressed'), patience)
      .toBe('true');
  }, 120_000);

  test('at a moment of the past a scan is as it was: not yet judged', async () => {
    const one = (await scans()).find(({ scan }) => scan === 'truck');
    const ended = Date.parse(one?.ended ?? '');
    const at = new Date(Math.min(ended, Date.parse(one?.verdict?.time ?? '') - 1)).toISOString();
    await go(`/scans/${id()}/truck?t=${at}`);
    await page.getByTestId('past-banner').waitFor();
    const said = await until(async () => {
      const text = await page.getByTestId('scan-outcome').innerText();
      return /Not judged yet|Scanning/.test(text) && text;
    });
    expect(said).not.toContain('Suspect');
    await page.getByTestId('live').click();
    await page.getByTestId('scan-outcome').getByText('Suspect').waitFor();
    expect(errors).toEqual([]);
  }, 180_000);
});
