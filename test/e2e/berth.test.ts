import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event, Priority } from '#flows/event';
import type { BerthList, Board, InstrumentCharts, ShipReport } from '#hub/api/types';
import { shipEvents } from '#test/support/berth-events';
import { Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';
import { instrumentWeek } from '#test/support/instrument-week';
import { chromiumPath, openBrowser, patience, pictures, shoot, shootAll, signedIn } from './browser.ts';

let hub: TestHub;
let box = '';

const typesOf: Readonly<Record<string, Priority>> = {
  'quaywatch.lot.alarm': 'alarm',
  'quaywatch.lot.announced': 'verdict',
  'quaywatch.lot.verdict': 'verdict',
};

type SentEvent = Pick<Event, 'type' | 'subject' | 'data'> & { readonly time?: string };

/** Sends events of a berth to the hub as its box does. */
async function send(events: readonly SentEvent[]): Promise<void> {
  const identity = await enrol(await hub.token('berth-c', 'quay'), 'berth-c');
  box = identity.box;
  const wire = await link(identity);
  const chain = new Chain(box, 'quay');
  const made: Record<Priority, Event[]> = { alarm: [], verdict: [], telemetry: [] };
  for (const { type, subject = '', time, data } of events) {
    const priority = typesOf[type] ?? 'telemetry';
    made[priority].push(chain.event(priority, { type, subject, data, ...(time !== undefined && { time }) }));
  }
  for (const priority of ['alarm', 'verdict', 'telemetry'] as const) {
    wire.sendBatch(chain.batch(priority, made[priority]));
    const last = made[priority].at(-1)?.sequence ?? 0;
    await until(() => wire.acknowledgements().some((one) => one.priority === priority && one.upto >= last));
  }
  await wire.close();
}

beforeAll(async () => {
  hub = await startHub();
  await send([...(await shipEvents()), ...instrumentWeek('2026-03-01T09:00:00Z')]);
}, 120_000);
afterAll(() => hub?.close(), 60_000);

describe('the API of berths', () => {
  test('names boxes that have announced lots', async () => {
    const { berths } = await hub.json<BerthList>('/berths');
    expect(berths).toEqual([{ box, flow: 'test', name: 'berth-c', site: 'quay' }]);
  });

  test('gives a board from what the box sent, in whatever order it came', async () => {
    const { lots } = await hub.json<Board>(`/berths/${box}/board`);
    expect(lots.map(({ lot }) => lot)).toEqual(['L-2602', 'L-2601']);
    const [second, first] = lots;
    expect(first?.increments.map(({ increment }) => increment)).toEqual(
      Array.from({ length: 35 }, (_, i) => i),
    );
    expect(first?.verdict).toMatchObject({ outcome: 'clear', disposition: 'inspect' });
    expect(second?.verdict).toMatchObject({ outcome: 'suspect', disposition: 'hold' });
    expect(second?.alarms.length).toBeGreaterThan(0);
  });

  test('gives the board as it was at a moment', async () => {
    const { lots } = await hub.json<Board>(`/berths/${box}/board?at=2026-03-01T08:10:00Z`);
    expect(lots.map(({ lot }) => lot)).toEqual(['L-2601']);
    expect(lots[0]?.increments.length).toBeLessThan(31);
    expect(lots[0]?.verdict).toBeUndefined();
  });

  test('gives control charts of its instruments over days, up to a moment', async () => {
    const at = async (query: string) =>
      await hub.json<InstrumentCharts>(`/berths/${box}/instruments?${query}`);
    const week = await at('days=7&at=2026-03-01T09:00:00Z');
    expect(week.map(({ device, check }) => `${device} ${check}`)).toEqual([
      'nir-1 white.level',
      'nir-1 white.tilt',
      'xrf-1 counts.rate',
      'xrf-1 xrf.energy',
    ]);
    const lamp = week[0];
    expect(lamp?.points.length).toBeGreaterThan(150);
    expect(lamp?.marks.map(({ what }) => what)).toEqual(expect.arrayContaining(['drift', 'recalibrated']));
    const day = await at('days=1&at=2026-03-01T09:00:00Z');
    expect(day[0]?.points.every(({ time }) => time >= '2026-02-28T09:00:00.000Z')).toBe(true);
    expect((await hub.api(`/berths/${box}/instruments?days=0`)).status).toBe(400);
    expect((await hub.api('/berths/b-nobody/instruments')).status).toBe(404);
  });

  test('gives all lots of a ship, oldest first, and refuses what is not there', async () => {
    const report = await hub.json<ShipReport>(
      `/berths/${box}/ships/${encodeURIComponent('MV Lianhai Star')}`,
    );
    expect(report.lots.map(({ lot }) => lot)).toEqual(['L-2601', 'L-2602']);
    expect(report.lots[0]?.increments.length).toBe(35);
    expect((await hub.api(`/berths/${box}/ships/nobody`)).status).toBe(404);
    expect((await hub.api('/berths/b-nobody/board')).status).toBe(404);
    // its box is not connected: the view says so, and the board stays
    expect((await hub.api(`/berths/${box}/live`)).status).toBe(409);
  });
});

describe.skipIf(!chromiumPath)('the berth on the screen (needs Chromium)', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    page = await signedIn(browser, hub, errors);
  }, 120_000);
  afterAll(() => browser?.close(), 60_000);

  test('shows the tonnes of the newest lot by hold: clear, suspect, and what could not be judged', async () => {
    await page.goto(`${hub.hub.url}/berth/${box}`);
    await page.waitForSelector('[data-testid="hold-plan"]', patience);
    const count = (outcome: string) => page.locator(`.plan-increment.${outcome}`).count();
    await expect.poll(() => count('suspect'), patience).toBeGreaterThan(0);
    await expect.poll(() => count('none'), patience).toBeGreaterThan(0);
    await expect.poll(() => count('clear'), patience).toBeGreaterThan(25);
    await expect
      .poll(() => page.locator('[data-testid="lot-panel"]').innerText(), patience)
      .toContain('suspect: hold');
    await expect
      .poll(() => page.locator('[data-testid="berth-screen"]').innerText(), patience)
      .toContain('models of simulated ore only');
    await shootAll(page, 'berth');
  }, 240_000);

  test('says of an increment what each stage found', async () => {
    await page.locator('.plan-increment.suspect').first().click();
    const panel = page.locator('[data-testid="increment-panel"]');
    await expect.poll(() => panel.innerText(), patience).toContain('slag');
    await expect.poll(() => panel.innerText(), patience).toMatch(/H2O .*pls-h2o-mine-a 1\.0\.0/);
    await shoot(page, 'berth-increment');
  }, 240_000);

  test('shows control charts of instruments over days: limits, alarms, and when one was calibrated anew', async () => {
    await page.goto(`${hub.hub.url}/berth/${box}?t=2026-03-01T09:00:00Z`);
    await page.locator('[data-testid="control-link"]').click();
    await page.waitForSelector('[data-testid="control-chart"]', patience);
    await expect.poll(() => page.locator('[data-testid="control-chart"]').count(), patience).toBe(4);
    const lamp = page.locator('[data-check="nir-1 white.level"]');
    await expect.poll(() => lamp.locator('.control-point').count(), patience).toBeGreaterThan(150);
    await expect.poll(() => lamp.locator('.control-limit.ewma').count(), patience).toBeGreaterThan(0);
    await expect
      .poll(() => lamp.locator('.control-marks').innerText(), patience)
      .toMatch(/calibrated anew: lamp replaced, by Li/);
    await shootAll(page, 'control');
    await page.getByRole('button', { name: '1 day' }).click();
    await page.waitForURL(/charts=1/);
    await expect.poll(() => lamp.locator('.control-point').count(), patience).toBeLessThan(80);
    await page.getByRole('button', { name: '← Berth' }).click();
    await page.waitForSelector('[data-testid="lots-table"]');
  }, 240_000);

  test('prints the report of a ship', async () => {
    await page.goto(`${hub.hub.url}/berth/${box}`);
    const href = await page.locator('[data-testid="lots-table"] a').first().getAttribute('href');
    await page.goto(`${hub.hub.url}${href}`);
    await page.waitForSelector('[data-testid="report-lot"]', patience);
    await expect.poll(() => page.locator('[data-testid="report-lot"]').count(), patience).toBe(2);
    await expect
      .poll(() => page.locator('[data-testid="report"]').innerText(), patience)
      .toContain('simulated ore alone');
    const summary = await page.locator('[data-testid="report-summary"]').innerText();
    for (const said of ['clear: inspect', 'suspect: hold', '93.1 %', 'test-policy, version 1'])
      expect(summary).toContain(said);
    await shootAll(page, 'report');
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    if (pictures !== undefined)
      await page.pdf({ path: `${pictures}/report.pdf`, preferCSSPageSize: true, printBackground: true });
    expect(errors).toEqual([]);
  }, 240_000);
});
