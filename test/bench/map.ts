import type { Page } from 'playwright-core';
import { openBrowser } from '../e2e/browser.ts';
import { startPreview } from '../e2e/web-preview/preview.ts';
import type { Bench } from './bench.ts';
import { until } from './path/wait.ts';
import { Scope } from './scope.ts';
import { quantile } from './statistics.ts';

const objects = 10_000;
const seconds = 8;
/** A frame of sixty a second. */
const frameMs = 1000 / 60;
const screen = { width: 1440, height: 900 };

/** Runs in the page: times between frames as the browser itself gives them, ms. */
const framesIn = (lengthMs: number) => `new Promise((resolve) => {
  const times = [];
  const next = (at) => {
    times.push(at);
    if (at - times[0] < ${lengthMs}) requestAnimationFrame(next);
    else resolve(times.slice(1).map((time, i) => time - times[i]));
  };
  requestAnimationFrame(next);
})`;
const frames = (page: Page, forSeconds: number): Promise<number[]> =>
  page.evaluate<number[]>(framesIn(forSeconds * 1000));

export const bench: Bench = {
  name: 'map',
  summary: 'frames of the map with 10,000 moving objects, in a Chromium without a graphics card',
  async run(report, log, signal) {
    await using scope = new Scope();
    log(`a hub with ${objects} objects that move`);
    const preview = await startPreview({ trucks: 0, crowd: objects, minutes: 1 });
    scope.defer(() => preview.close());
    const browser = await openBrowser();
    scope.defer(() => browser.close());
    const page = await browser.newPage({ viewport: screen });
    await page.goto(await preview.link());
    const shown = async () => Number(await page.getByTestId('map').getAttribute('data-objects'));
    await until(`${objects} objects on the map`, 120_000, async () =>
      (await shown()) >= objects ? true : undefined,
    );
    await page.locator('[data-testid="map"][data-ready="true"]').waitFor({ timeout: 120_000 });
    await page.waitForTimeout(3000);
    signal.throwIfAborted();
    const say = (name: string, times: readonly number[], more: object = {}) => {
      const value = quantile(times, 0.5);
      const detail = { objects, p95Ms: quantile(times, 0.95), frames: times.length, ...screen, ...more };
      report({ name, value, unit: 'ms/frame', reference: frameMs, ratio: frameMs / value, detail });
    };
    log('standing');
    say('info.map.still', await frames(page, seconds / 2));
    log('moving');
    const mover = setInterval(() => preview.move(), 1000);
    scope.defer(() => clearInterval(mover));
    await page.waitForTimeout(2000);
    say('info.map.moving', await frames(page, seconds), { movedPerSecond: objects / 10 });
    log('moving, and the map is dragged');
    const dragged = frames(page, seconds);
    await page.mouse.move(700, 450);
    await page.mouse.down();
    const end = Date.now() + seconds * 1000;
    for (let n = 0; Date.now() < end; n++) {
      await page.mouse.move(700 + 120 * Math.sin(n / 8), 450 + 60 * Math.cos(n / 8));
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
    say('info.map.dragged', await dragged, { movedPerSecond: objects / 10 });
  },
};
