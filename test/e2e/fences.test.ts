import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FenceCollection, FenceHistory } from '#hub/api/fence-types';
import type { WatchList } from '#hub/api/watch-types';
import { until } from '#test/support/hub';
import { chromiumPath, openBrowser, patience } from './browser.ts';
import { layers, origin, spot } from './web-preview/port.ts';
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
    page.setDefaultTimeout(patience.timeout);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(await preview.link());
    await page.getByTestId('status-bar').waitFor();
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
    await page.locator('[data-testid="map"][data-ready="true"]').waitFor();
  };
  /** Where the map is drawn: beside the panel, where there is one. */
  const drawn = async () => {
    const box = await page.locator('.map-canvas').boundingBox();
    if (!box) throw new Error('no map');
    return box;
  };
  const view = `map=15.00/${origin.lat}/${origin.lon}`;

  test('the map goes as far as the hand that drags it, and is drawn sharp when the hand lets go', async () => {
    await go(`/live?${view}`);
    const box = await drawn();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const place = () => (new URL(page.url()).searchParams.get('map') ?? '').split('/').map(Number);
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let px = 10; px <= 200; px += 10) await page.mouse.move(x + px, y);
    await page.getByTestId('held-ground').waitFor();
    // Held for longer than the map takes for a throw.
    await page.waitForTimeout(500);
    await page.mouse.up();
    await page.getByTestId('held-ground').waitFor({ state: 'hidden' });
    await until(() => Math.abs((place()[2] ?? 0) - origin.lon) > 1e-4, 'the map is elsewhere');
    const pxPerDegree = (512 * 2 ** 15) / 360;
    expect((origin.lon - (place()[2] ?? 0)) * pxPerDegree).toBeGreaterThan(185);
    expect((origin.lon - (place()[2] ?? 0)) * pxPerDegree).toBeLessThan(201);
  });

  test('a fence is drawn by hand with snapping, saved with its reason, and in the history', async () => {
    await go(`/fences/port?${view}`);
    await page.getByTestId('fence-list').getByText('Gate A').waitFor();
    const box = await drawn();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.getByTestId('fence-draw').click();
    for (const [dx, dy] of [
      [60, 120],
      [200, 120],
      [200, 220],
    ] as const)
      await page.mouse.click(x + dx, y + dy);
    await expect.poll(() => page.getByTestId('fence-hint').textContent(), patience).toMatch(/^3 corners/);
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
    await expect.poll(() => page.getByTestId('fence-hint').textContent(), patience).toMatch(/^3 corners/);
    await press('u');
    await expect.poll(() => page.getByTestId('fence-hint').textContent(), patience).toMatch(/^2 corners/);
    await press('U', 'e');
    await page.getByTestId('chosen-fence').waitFor();
    await press('v', 'ArrowLeft', 'ArrowLeft');
    await page.getByTestId('fence-save').waitFor();
    await until(() => page.getByTestId('fence-save').isEnabled());
    await press('s');
    await until(async () => (await set()).version === 3);
    expect((await set()).features).toHaveLength(layers.fences.features.length + 2);
  }, 240_000);

  test('on a phone the first view is of the fences, which are drawn above the panel and chosen by a tap', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await go('/fences/port');
    const place = () => (new URL(page.url()).searchParams.get('map') ?? '').split('/').map(Number);
    await expect.poll(() => place()[0] ?? 0, patience).toBeGreaterThan(9);
    const box = await drawn();
    expect(box.y + box.height).toBeLessThan(500);
    const [zoom = 0, lat = 0, lon = 0] = place();
    const scale = (512 * 2 ** zoom) / 360;
    const gate = layers.fences.features.find(({ properties }) => properties?.id === 'gate-a');
    const [first = []] = gate?.geometry.type === 'Polygon' ? gate.geometry.coordinates : [];
    const corners = first.slice(0, -1);
    const mean = (axis: number) => corners.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / corners.length;
    const tap = () =>
      page.mouse.click(
        box.x + box.width / 2 + (mean(0) - lon) * scale,
        box.y + box.height / 2 - ((mean(1) - lat) * scale) / Math.cos((lat * Math.PI) / 180),
      );
    // Until the ground is drawn there is nothing to be hit.
    await until(async () => {
      await tap();
      return page.getByTestId('chosen-fence').isVisible();
    }, 'a tap on the gate chooses it');
    await shot('fences-phone');
    await go('/fences/elsewhere');
    await page.getByTestId('no-set').getByText('no set of the name elsewhere').waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await go(`/fences/port?${view}`);
  }, 240_000);

  test('a shape that crosses itself cannot be saved, and an old version comes back', async () => {
    await page.getByTestId('fence-list').getByText('Gate A').click();
    await page.getByText('Corners as numbers').click();
    const first = page.locator('.corners li').first().getByLabel('Longitude');
    await first.fill(String(origin.lon + 0.02));
    await first.press('Enter');
    await page.getByTestId('fence-problem').waitFor();
    await expect
      .poll(() => page.getByTestId('fence-problem').textContent(), patience)
      .toMatch(/crosses itself/);
    await expect.poll(() => page.getByTestId('fence-save').isEnabled(), patience).toBe(false);
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

  test('a route is drawn by hand along the road, a corner pulled to another place, and both are in the history', async () => {
    const routes = (version = '') => preview.hub.json<FenceCollection>(`/fence-sets/ways${version}`);
    await go(`/fences/port?${view}`);
    await page.getByTestId('fence-new-set').click();
    await page.getByLabel('Name of the set').fill('ways');
    await page.getByLabel('Kind').selectOption('routes');
    await page.getByRole('button', { name: 'Make' }).click();
    const box = await drawn();
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    const scale = (512 * 2 ** 15) / 360;
    const px = ([lon, lat]: readonly [number, number]): [number, number] => [
      middle[0] + (lon - origin.lon) * scale,
      middle[1] - ((lat - origin.lat) * scale) / Math.cos((origin.lat * Math.PI) / 180),
    ];
    const [from, to] = [px(spot(300, 250)), px(spot(700, 120))];
    await page.getByTestId('fence-draw').click();
    // a hand is a few pixels off; the road's corner takes it
    await page.mouse.move(from[0] + 5, from[1] - 4);
    await page.getByText('on a corner').waitFor();
    await page.mouse.click(from[0] + 5, from[1] - 4);
    const half = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
    await page.mouse.move(half[0] + 3, half[1] + 3);
    await page.getByText('on an edge').waitFor();
    await page.mouse.click(half[0] + 3, half[1] + 3);
    await page.mouse.click(to[0] - 4, to[1] + 3);
    await shot('routes-drawing');
    await page.getByTestId('fence-finish').click();
    await page.getByTestId('fence-name').fill('To the gate');
    await page.getByLabel('One way, as drawn').check();
    await page.getByTestId('fence-note').fill('the way to the gate');
    await page.getByTestId('fence-save').click();
    const kept = await until(async () => {
      const answer = await preview.hub.api('/fence-sets/ways');
      return answer.ok && ((await answer.json()) as FenceCollection);
    });
    expect([kept.kind, kept.version, kept.features.length]).toEqual(['routes', 1, 1]);
    const [route] = kept.features;
    expect(route?.properties).toMatchObject({ name: 'To the gate', widthM: 100, oneWay: true });
    const corners = route?.geometry.type === 'LineString' ? route.geometry.coordinates : [];
    expect(corners).toHaveLength(3);
    for (const [place, road] of [
      [corners[0], spot(300, 250)],
      [corners[2], spot(700, 120)],
    ] as const)
      for (const axis of [0, 1] as const) expect(place?.[axis]).toBeCloseTo(road[axis], 6);

    await page.getByTestId('fence-list').getByText('To the gate').click();
    await page.mouse.move(half[0], half[1]);
    await page.mouse.down();
    await page.mouse.move(half[0], half[1] + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByTestId('fence-note').fill('round the works');
    await shot('routes-changed');
    await page.getByTestId('fence-save').click();
    await until(async () => (await routes()).version === 2);
    const [moved] = (await routes()).features;
    const after = moved?.geometry.type === 'LineString' ? moved.geometry.coordinates : [];
    expect([after[0], after[2]]).toEqual([corners[0], corners[2]]);
    expect((corners[1]?.[1] ?? 0) - (after[1]?.[1] ?? 0)).toBeGreaterThan(0.0005);
    await page.getByTestId('fence-tab-history').click();
    await page.getByText('the way to the gate').waitFor();
    await page.getByTestId('fence-diff-2').click();
    await page.getByTestId('fence-history').getByText('changed', { exact: true }).waitFor();
    await shot('routes-history');
  }, 240_000);

  test('an object answers what is asked of it, is designated, and its gaps lead to their moment', async () => {
    await go(`/live?sel=object:truck-01&hours=6&${view}`);
    await page.getByTestId('object-questions').waitFor();
    await page.getByTestId('ask-companions').locator('summary').click();
    await page.getByTestId('ask-place').locator('summary').click();
    await page.getByTestId('ask-place').getByText('its own fix').waitFor();
    await page.getByTestId('ask-risk').locator('summary').click();
    await page
      .getByTestId('risk-score')
      .getByText(/points: /)
      .waitFor();
    await page.getByTestId('designate').click();
    await page.locator('[data-testid="designate"][aria-pressed="true"]').waitFor();
    const { entries } = await preview.hub.json<WatchList>('/watch-lists/designated');
    expect(entries.map(({ value }) => value)).toEqual(['truck-01']);
    await page.getByTestId('stops').click();
    await page
      .getByTestId('stops-note')
      .getByText(/stops? in 24 h/i)
      .waitFor();
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
