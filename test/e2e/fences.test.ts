import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FenceCollection, FenceHistory } from '#hub/api/fence-types';
import type { WatchList } from '#hub/api/watch-types';
import { until } from '#test/support/hub';
import { chromiumPath, openBrowser } from './browser.ts';
import { layers, origin } from './web-preview/port.ts';
import { type Preview, startPreview } from './web-preview/preview.ts';

/** Fences drawn by hand and by keys on a real map in a real browser, and what the hub made of it; watch lists and questions. */
describe.skipIf(!chromiumPath)('fences and questions on the screen (needs Chromium)', () => {
  let preview: Preview;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const pictures = process.env.QUAYWATCH_PICTURES;

  beforeAll(async () => {
    preview = await startPreview({ trucks: 8, minutes: 30 });
    const changes = layers.fences.features.map((feature) => ({ id: feature.properties?.id, feature }));
    await preview.hub.api('/fence-sets/port/changes', {
      method: 'POST',
      body: JSON.stringify({ title: 'Port', note: 'first', changes }),
    });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // Generous: nothing here is about time, and software draws the map.
    page.setDefaultTimeout(100_000);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(await preview.link());
    await page.getByTestId('status-bar').waitFor({ timeout: 60_000 });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await preview?.close();
  });

  const shot = async (name: string) => {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
  };
  const set = (version = '') => preview.hub.json<FenceCollection>(`/fence-sets/port${version}`);
  const go = async (path: string) => {
    await page.goto(`${preview.hub.hub.url}${path}`);
    await page.locator('[data-testid="map"][data-ready="true"]').waitFor({ timeout: 60_000 });
  };
  const view = `map=15.00/${origin.lat}/${origin.lon}`;

  test('a fence is drawn by hand with snapping, saved with its reason, and in the history', async () => {
    await go(`/fences/port?${view}`);
    await page.getByTestId('fence-list').getByText('Gate A').waitFor();
    const box = await page.getByTestId('map').boundingBox();
    if (!box) throw new Error('no map');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.getByTestId('fence-draw').click();
    for (const [dx, dy] of [
      [60, 120],
      [200, 120],
      [200, 220],
    ] as const)
      await page.mouse.click(x + dx, y + dy);
    expect(await page.getByTestId('fence-hint').textContent()).toMatch(/^3 corners/);
    // Near its first corner: it snaps to it, and so ends the shape.
    await page.mouse.move(x + 64, y + 124);
    await page.getByText('on a corner').waitFor();
    await page.mouse.click(x + 64, y + 124);
    await page.getByTestId('chosen-fence').waitFor();
    await page.getByTestId('fence-name').fill('Apron');
    await page.getByTestId('fence-note').fill('new apron');
    await shot('fences-drawn');
    await page.getByTestId('fence-save').click();
    await until(async () => (await set()).version === 2);
    const added = (await set()).features.find(({ properties }) => properties?.name === 'Apron');
    expect(added?.geometry).toMatchObject({ type: 'Polygon', coordinates: [{ length: 4 }] });
    await page.getByTestId('fence-tab-history').click();
    await page.getByText('new apron').waitFor();
    await page.getByTestId('fence-diff-2').click();
    await page.getByTestId('fence-history').getByText('added', { exact: true }).waitFor();
    await shot('fences-history');
  }, 240_000);

  test('by keyboard alone: drawn, undone, done again, a corner moved, and saved', async () => {
    await page.getByTestId('fence-tab-edit').click();
    await page.getByTestId('fence-list').getByText('Apron').waitFor();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press(
      'n',
      'Shift+ArrowDown',
      'Shift+ArrowDown',
      'Enter',
      'Shift+ArrowLeft',
      'Enter',
      'Shift+ArrowUp',
      'Enter',
    );
    expect(await page.getByTestId('fence-hint').textContent()).toMatch(/^3 corners/);
    await press('u');
    expect(await page.getByTestId('fence-hint').textContent()).toMatch(/^2 corners/);
    await press('U', 'e');
    await page.getByTestId('chosen-fence').waitFor();
    await press('v', 'ArrowLeft', 'ArrowLeft');
    await page.getByTestId('fence-save').waitFor();
    await until(() => page.getByTestId('fence-save').isEnabled());
    await press('s');
    await until(async () => (await set()).version === 3);
    expect((await set()).features).toHaveLength(layers.fences.features.length + 2);
  }, 240_000);

  test('a shape that crosses itself cannot be saved, and an old version comes back', async () => {
    await page.getByTestId('fence-list').getByText('Gate A').click();
    await page.getByText('Corners as numbers').click();
    const first = page.locator('.corners li').first().getByLabel('Longitude');
    await first.fill(String(origin.lon + 0.02));
    await first.press('Enter');
    await page.getByTestId('fence-problem').waitFor();
    expect(await page.getByTestId('fence-problem').textContent()).toMatch(/crosses itself/);
    expect(await page.getByTestId('fence-save').isEnabled()).toBe(false);
    await shot('fences-problem');
    await page.getByTestId('fence-undo').click();
    await page.getByTestId('fence-tab-history').click();
    await page.getByTestId('fence-revert-1').click();
    await until(async () => (await set()).version === 4);
    expect((await set()).features).toEqual((await set('?version=1')).features);
    const { versions } = await preview.hub.json<FenceHistory>('/fence-sets/port/history');
    expect(versions.map(({ version, actor }) => [version, actor])).toEqual(
      [4, 3, 2, 1].map((n) => [n, 'admin']),
    );
  }, 240_000);

  test('an object answers what is asked of it, is designated, and its gaps lead to their moment', async () => {
    await go(`/live?sel=object:truck-01&hours=6&${view}`);
    await page.getByTestId('object-questions').waitFor();
    await page.getByTestId('ask-companions').locator('summary').click();
    await page.getByTestId('ask-place').locator('summary').click();
    await page.getByTestId('ask-place').getByText('its own fix').waitFor();
    await page.getByTestId('designate').click();
    await page.locator('[data-testid="designate"][aria-pressed="true"]').waitFor();
    const { entries } = await preview.hub.json<WatchList>('/watch-lists/designated');
    expect(entries.map(({ value }) => value)).toEqual(['truck-01']);
    await page.getByTestId('stops').click();
    await page.getByTestId('stops-note').getByText('stops in 24 h').waitFor();
    await shot('object-questions');
    for (const [width, height] of pictures
      ? ([
          [1100, 760],
          [1920, 1080],
        ] as const)
      : []) {
      await page.setViewportSize({ width, height });
      await page.keyboard.press('t');
      await page.waitForTimeout(2000);
      await shot(`object-questions-${width}`);
    }
  }, 240_000);

  test('a watch list is pasted in, and what cannot be watched for is told', async () => {
    await page.goto(`${preview.hub.hub.url}/watch/stolen`);
    await page.getByTestId('watch-text').fill('truck-2, stolen\ntruck-3\nCSQU3054384');
    await page.getByTestId('watch-add').click();
    await page.getByTestId('watch-said').getByText('2 added, 1 not taken').waitFor();
    await page.getByTestId('watch-said').getByText('check digit').waitFor();
    await shot('watch');
    expect(errors).toEqual([]);
  }, 240_000);
});
