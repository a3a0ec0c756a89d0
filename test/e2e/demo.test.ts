import { createServer } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceList, EventPage, ObjectList } from '#hub/api/types';
import { freePort } from '../support/free-port.ts';
import { quaywatch, type Running, runQuaywatch, temporaryFolder, until } from '../support/quaywatch.ts';
import { chromiumPath, openBrowser, patience } from './browser.ts';

/** What a newcomer gets from the demo, in a real browser. */
describe.skipIf(!chromiumPath)('the demo (needs Chromium)', () => {
  const folder = temporaryFolder();
  let demo: Running;
  let browser: Browser;
  let page: Page;
  let port = 0;

  beforeAll(async () => {
    port = await freeRange(9);
    demo = start();
    const signIn = (await demo.said(/Sign in \(once\):\s+(\S+)/, 180_000))[1] ?? '';
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(patience.timeout);
    await page.goto(signIn);
    await page.getByTestId('status-bar').waitFor();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    folder[Symbol.dispose]();
  }, 60_000);

  const start = () => quaywatch(['demo', '--data', folder.path, '--port', String(port)]);
  const ask = <T>(path: string): Promise<T> =>
    page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json() as Promise<unknown>, path) as Promise<T>;

  test('every device on every wire is live: MQTT, TCP, a serial line, and the scanner once its first truck comes', async () => {
    const devices = await until(async () => {
      const list = (await ask<DeviceList>('/devices')).devices;
      // Seals and the gate's camera speak now and then; what speaks all the time has to be live.
      const steady = list.filter(({ node }) => !/\/(seals|cameras)$/.test(node));
      return steady.length >= 6 && steady.every(({ state }) => state === 'live') && steady;
    }, 120_000);
    expect(new Set(devices.map(({ driver }) => driver))).toEqual(new Set(['linescan', 'mqtt-json', 'nmea']));
    const objects = await until(async () => {
      const list = (await ask<ObjectList>('/objects')).objects;
      return list.length >= 16 && list;
    }, 120_000);
    expect(objects.some(({ object }) => object === 'truck-0001')).toBe(true);
  }, 300_000);

  test('events come to the screen while one watches', async () => {
    await page.getByTestId('rail').getByText('Events').click();
    const rows = page.getByTestId('event-list').getByTestId('event');
    await rows.first().waitFor({ timeout: 120_000 });
    const before = await ask<EventPage>('/events?limit=1');
    const later = await until(async () => {
      const now = await ask<EventPage>('/events?limit=1');
      return (now.events[0]?.position ?? 0) > (before.events[0]?.position ?? 0) && now;
    });
    expect(later.events[0]?.event.box).toMatch(/^b-/);
  }, 300_000);

  test('a second demo in the same folder says that one runs', async () => {
    const second = await runQuaywatch(['demo', '--data', folder.path, '--port', String(port)]);
    expect(second.code).toBe(1);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
    expect(second.stderr).toContain(`http://127.0.0.1:${port}`);
  }, 60_000);

  test('started again on its folder, its trucks go on where they would be: no place is told as made up', async () => {
    await demo.stop('SIGINT');
    const again = new Date().toISOString();
    demo = start();
    await demo.said(/Sign in \(once\)/, 180_000);
    // the hub's flow holds fixes back for ten seconds, and believes the second
    const lateMs = Date.now() + 25_000;
    await until(async () => {
      const { objects } = await ask<ObjectList>('/objects').catch(() => ({ objects: [] }));
      // one is silent for minutes, as planted
      return (
        objects.filter((each) => each.object.startsWith('truck') && Date.parse(each.time) > lateMs).length >
        14
      );
    }, 120_000);
    for (const type of ['teleport', 'clone']) {
      const { events } = await ask<EventPage>(`/events?type=quaywatch.track.${type}&from=${again}`);
      // one truck's place is made up each quarter of an hour, and goes round in circles
      const subjects = new Set(events.map(({ event }) => event.subject));
      expect(subjects.size, `${type} ${[...subjects].join(' ')}`).toBeLessThan(2);
    }
  }, 300_000);

  test('a taken port is named, with what to do', async () => {
    using other = temporaryFolder();
    const taken = await freeRange(9);
    const server = createServer();
    await new Promise<void>((done) => server.listen(taken, '127.0.0.1', done));
    const refused = await runQuaywatch(['demo', '--data', other.path, '--port', String(taken)]);
    await new Promise((done) => server.close(done));
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim()).toMatch(new RegExp(`^demo\\.port.*${taken}.*--port`));
  }, 60_000);
});

/** The first of a row of ports that are free at the moment. */
async function freeRange(count: number): Promise<number> {
  for (;;) {
    const base = await freePort();
    const free = await Promise.all(Array.from({ length: count }, (_, i) => canListen(base + i)));
    if (base + count < 65_000 && free.every(Boolean)) return base;
  }
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
