import type { CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../e2e/browser.ts';
import { startPreview } from '../e2e/web-preview/preview.ts';
import type { Bench, Row } from './bench.ts';
import { until } from './path/wait.ts';
import { Scope } from './scope.ts';
import { quantile } from './statistics.ts';

const crowd = 10_000;
const seconds = 8;
/** A frame of sixty a second. */
const frameMs = 1000 / 60;
const screen = { width: 1440, height: 900 };

type Report = (row: Row) => void;
type Motion = 'still' | 'dragged' | 'zoomed';

/**
 * Runs in the page: times between frames as the browser itself gives them, ms. A hand moves the map in every one of
 * them: events of the page's own, since those of a driver from outside come more seldom than frames do.
 */
const framesIn = (lengthMs: number, motion: Motion) => `new Promise((resolve) => {
  const times = [];
  const canvas = document.querySelector('.maplibregl-canvas');
  const at = (n) => ({ clientX: 700 + 240 * Math.sin(n / 24), clientY: 450 + 120 * Math.cos(n / 24), bubbles: true, cancelable: true });
  const mouse = (type, n, on) => on.dispatchEvent(new MouseEvent(type, { ...at(n), button: 0, buttons: type === 'mouseup' ? 0 : 1 }));
  const motion = ${JSON.stringify(motion)};
  if (motion === 'dragged') mouse('mousedown', 0, canvas);
  const next = (time) => {
    times.push(time);
    const n = times.length;
    if (motion === 'dragged') mouse('mousemove', n, document);
    if (motion === 'zoomed')
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at(0), deltaY: 40 * Math.sin(n / 40), deltaMode: 0 }));
    if (time - times[0] < ${lengthMs}) return requestAnimationFrame(next);
    if (motion === 'dragged') mouse('mouseup', n, canvas);
    resolve(times.slice(1).map((time, i) => time - times[i]));
  };
  requestAnimationFrame(next);
})`;

/** Processor time so far, s, of what draws pixels and of the pages. */
async function processorSeconds(cdp: CDPSession): Promise<{ gpu: number; page: number }> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const sum = (type: string) =>
    processInfo.filter((each) => each.type === type).reduce((total, { cpuTime }) => total + cpuTime, 0);
  return { gpu: sum('GPU'), page: sum('renderer') };
}

/** One page on a hub with so many objects: its frames while it stands, while all moves, and while a hand moves the map. */
async function measure(
  name: string,
  objects: number,
  report: Report,
  log: (line: string) => void,
  signal: AbortSignal,
) {
  await using scope = new Scope();
  log(`a hub with ${objects} objects that move`);
  const preview = await startPreview({ trucks: 0, crowd: objects, minutes: 1 });
  scope.defer(() => preview.close());
  const browser = await openBrowser();
  scope.defer(() => browser.close());
  const cdp = await browser.newBrowserCDPSession();
  const page: Page = await browser.newPage({ viewport: screen });
  await page.goto(await preview.link());
  const shown = async () => Number(await page.getByTestId('map').getAttribute('data-objects'));
  await until(`${objects} objects on the map`, 120_000, async () =>
    (await shown()) >= objects ? true : undefined,
  );
  await page.locator('[data-testid="map"][data-ready="true"]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(3000);
  const say = async (what: string, motion: Motion, forSeconds: number) => {
    signal.throwIfAborted();
    log(`${objects} objects: ${what}`);
    const before = await processorSeconds(cdp);
    const times = await page.evaluate<number[]>(framesIn(forSeconds * 1000, motion));
    const after = await processorSeconds(cdp);
    const took = times.reduce((total, ms) => total + ms, 0) / 1000;
    const value = quantile(times, 0.5);
    const detail = {
      objects,
      p95Ms: quantile(times, 0.95),
      p99Ms: quantile(times, 0.99),
      longestMs: Math.max(...times),
      framesPerSecond: times.length / took,
      gpuCores: (after.gpu - before.gpu) / took,
      pageCores: (after.page - before.page) / took,
      ...screen,
    };
    report({
      name: `info.map.${name}${what}`,
      value,
      unit: 'ms/frame',
      reference: frameMs,
      ratio: frameMs / value,
      detail,
    });
  };
  await say('still', 'still', seconds / 2);
  const mover = objects > 0 ? setInterval(() => preview.move(), 1000) : undefined;
  scope.defer(() => clearInterval(mover));
  if (mover) {
    await page.waitForTimeout(2000);
    await say('moving', 'still', seconds);
  }
  await say('dragged', 'dragged', seconds);
  await page.waitForTimeout(1000);
  await say('zoomed', 'zoomed', seconds);
}

export const bench: Bench = {
  name: 'map',
  summary:
    'frames of the map with 10,000 moving objects and with none, in a Chromium without a graphics card',
  async run(report, log, signal) {
    await measure('empty.', 0, report, log, signal);
    await measure('', crowd, report, log, signal);
  },
};
