import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { EventPage, ObjectList } from '#hub/api/types';
import { freePort } from '../support/free-port.ts';
import { quaywatch, type Running, runQuaywatch, temporaryFolder, until } from '../support/quaywatch.ts';
import {
  busFixes,
  endingAt,
  type Fix,
  noTracks,
  positionLine,
  squaresAround,
  vesselFixes,
} from '../support/recordings.ts';
import { chromiumPath, openBrowser, patience } from './browser.ts';

/** Real recordings over MQTT through a box's flow with fences, to the hub's screen in a real browser. */
describe.skipIf(noTracks || !chromiumPath)(
  'recordings on the screen (needs ../shared/data/tracks and Chromium)',
  () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const stopped: (() => Promise<unknown>)[] = [];
    const buses = endingAt(busFixes(), Date.now() - 60_000);
    // The vessel's months are pressed into hours, so that one look back shows buses and vessel.
    const vessel = endingAt(pressed(vesselFixes(), 0.002), Date.now() - 60_000);
    let origin = '';
    let browser: Browser;
    let page: Page;
    let offline: Event[] = [];

    beforeAll(async () => {
      const [http, broker, enrolment, devices, boxHttp] = await Promise.all(
        Array.from({ length: 5 }, () => freePort()),
      );
      const address = (port: number | undefined) => `127.0.0.1:${port}`;
      const fences = {
        type: 'FeatureCollection',
        features: [
          ...squaresAround(buses, 12, 0.002, 'stop-').features,
          ...squaresAround(vessel, 12, 0.05, 'sea-').features,
        ],
      };
      const flow = {
        id: 'recorded',
        version: 1,
        nodes: [
          { id: 'in', driver: 'mqtt-json', config: { topic: 'owntracks/#' } },
          { id: 'fences', stage: 'geofence', config: { fences } },
          { id: 'alarm', stage: 'emit', config: { priority: 'alarm' } },
          { id: 'where', stage: 'emit', config: { priority: 'telemetry' } },
        ],
        wires: [
          { from: 'in', to: 'fences' },
          { from: 'fences', to: 'alarm' },
          { from: 'in', to: 'where' },
        ],
      };
      const json = (name: string, value: unknown) => writeFileSync(at(name), JSON.stringify(value));
      mkdirSync(at('tokens'));
      json('flow.json', flow);
      json('fences.json', fences);
      json('hub.json', {
        data: 'hub',
        http: address(http),
        broker: address(broker),
        enrolment: address(enrolment),
        sites: [{ id: 'line-14', name: 'Line 14' }],
        enrolments: [{ name: 'recorder', site: 'line-14', file: 'tokens/recorder' }],
        map: { fences: 'fences.json' },
      });
      json('box.json', {
        name: 'recorder',
        data: at('box'),
        enrolment: at('tokens/recorder'),
        broker: { listen: address(devices) },
        http: address(boxHttp),
        flows: [at('flow.json')],
      });
      for (const [name, fixes] of Object.entries({ buses, vessel }))
        writeFileSync(at(`${name}.ndjson`), `${fixes.map(positionLine).join('\n')}\n`);

      const lines = [...buses, ...vessel].map(positionLine).join('\n');
      const expected = await runQuaywatch(['flow', 'run', at('flow.json')], `${lines}\n`);
      offline = expected.stdout
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as Event);

      const hub = start(['hub', '--config', at('hub.json')]);
      const signIn = (await hub.said(/sign in once with (\S+)/))[1] ?? '';
      origin = new URL(signIn).origin;
      await start(['edge', '--config', at('box.json')]).said(/runs: http port/);
      const play = (name: string) =>
        quaywatch([
          'simulate',
          'mqtt-json',
          '--url',
          `mqtt://${address(devices)}`,
          '--input',
          at(`${name}.ndjson`),
          '--rate',
          '2000',
        ]);
      const played = await Promise.all(['buses', 'vessel'].map((name) => play(name).exited));
      expect(played).toEqual([0, 0]);

      browser = await openBrowser();
      stopped.push(() => browser.close());
      page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(patience.timeout);
      await page.goto(signIn);
      await page.getByTestId('status-bar').waitFor();
    }, 300_000);

    afterAll(async () => {
      for (const stop of stopped.reverse()) await stop();
      folder[Symbol.dispose]();
    });

    function start(args: string[]): Running {
      const running = quaywatch(args);
      stopped.push(() => running.stop());
      return running;
    }

    /** Asks the hub with the session of the page. */
    const ask = <T>(path: string): Promise<T> =>
      page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json() as Promise<unknown>, path) as Promise<T>;

    async function alarms(): Promise<Event[]> {
      const events: Event[] = [];
      for (let next: string | undefined = ''; next !== undefined; ) {
        const got: EventPage = await ask(
          `/events?priority=alarm&limit=500${next && `&before=${encodeURIComponent(next)}`}`,
        );
        events.push(...got.events.map(({ event }) => event));
        next = got.next;
      }
      return events;
    }
    const essence = (events: readonly Event[]) =>
      events
        .filter((event) => event.type.startsWith('quaywatch.fence.'))
        .map((event) => [event.time, event.subject, event.type, event.data.fence].join(' '))
        .sort();

    test('what the box concluded live is what the recording gives, at the hub once and whole', async () => {
      const expected = essence(offline);
      expect(expected.length).toBeGreaterThan(30);
      await until(async () => (await alarms()).length >= expected.length);
      expect(essence(await alarms())).toEqual(expected);
    }, 120_000);

    test('the event list says it in words, and an event opens with its evidence', async () => {
      await page.goto(`${origin}/events`);
      const first = page.getByTestId('event-list').getByTestId('event').first();
      await first.waitFor();
      await expect
        .poll(() => page.getByTestId('event-list').innerText(), patience)
        .toMatch(/(bus-\d+|vessel) (entered|left|crossed)/);
      await first.click();
      await page.getByTestId('event-detail').waitFor();
      await page.waitForURL(/sel=event:/);
    }, 120_000);

    test('the map knows every object, and one that is selected is shown with its data', async () => {
      // Alarms come before where everything is.
      const names = async () => {
        const { objects } = await ask<ObjectList>('/objects');
        return new Set(objects.map(({ object }) => object));
      };
      await expect.poll(names, patience).toEqual(new Set([...buses, ...vessel].map((fix) => fix.device)));
      await page.goto(`${origin}/live?sel=object:${buses.at(-1)?.device}`);
      await page.getByTestId('object-detail').waitFor();
      await expect
        .poll(() => page.getByTestId('object-detail').innerText(), patience)
        .toContain(buses.at(-1)?.device);
      await page.locator('canvas').first().waitFor();
    }, 120_000);

    test('the time cursor shows the port as it was', async () => {
      const middle = buses[Math.floor(buses.length / 2)] as Fix;
      await page.goto(`${origin}/live?t=${middle.time}&sel=object:${middle.device}`);
      await page.getByTestId('past-banner').waitFor();
      const { objects } = await ask<ObjectList>(`/objects?at=${middle.time}`);
      const then = objects.find(({ object }) => object === middle.device);
      expect([then?.lon, then?.lat]).toEqual([middle.lon, middle.lat]);
      await page.getByTestId('live').click();
      await page.getByTestId('past-banner').waitFor({ state: 'detached' });
    }, 120_000);
  },
);

/** Presses the times of a recording together; 1 leaves them as they are. */
function pressed(fixes: readonly Fix[], share: number): Fix[] {
  const start = Date.parse(fixes[0]?.time ?? '');
  return fixes.map((fix) => ({
    ...fix,
    time: new Date(start + Math.round((Date.parse(fix.time) - start) * share)).toISOString(),
  }));
}
