import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event, Priority } from '#flows/event';
import type { ObjectRisk, RiskRules } from '#hub/api/risk-types';
import type { WatchLists } from '#hub/api/watch-types';
import { type BoxLink, Chain, type EventFields, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';
import { chromiumPath, openBrowser, patience, shootAll, signedIn } from './browser.ts';

/** What an officer is told, and what is made of it when late data says otherwise; watch lists and rules of risk. */
describe.skipIf(!chromiumPath)('alarms and watching on the screen (needs Chromium)', () => {
  let hub: TestHub;
  let box: BoxLink;
  let chain: Chain;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const start = Date.now() - 120_000;

  beforeAll(async () => {
    hub = await startHub();
    const identity = await enrol(await hub.token('quay', 'quay'), 'quay');
    box = await link(identity);
    chain = new Chain(identity.box, 'quay');
    browser = await openBrowser();
    page = await signedIn(browser, hub, errors);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await box?.close();
    await hub?.close();
  });

  const tell = async (
    subject: string,
    seconds: number,
    fields: EventFields,
    priority: Priority = 'alarm',
  ): Promise<Event> => {
    const time = new Date(start + seconds * 1000).toISOString();
    const event = chain.event(priority, { subject, time, ...fields });
    box.sendBatch(chain.batch(priority, [event]));
    await until(() => box.acknowledgements().some(({ upto }) => upto >= event.sequence));
    return event;
  };
  const spoof = (distanceM: number, more: EventFields = {}): EventFields => ({
    type: 'quaywatch.track.spoof',
    data: { reason: 'witness', by: 'gate-a', distanceM },
    ...more,
  });
  const go = (path: string) => page.goto(`${hub.hub.url}${path}`);
  const texts = (id: string) =>
    page.getByTestId(id).getByTestId('event-rows').locator('li').allTextContents();
  const looks = () =>
    page
      .getByTestId('event')
      .evaluateAll((rows) =>
        rows.map((row) => [row.getAttribute('data-event'), row.getAttribute('data-look')]),
      );

  test('an alarm that was corrected stands once in the lists, as one that was withdrawn does', async () => {
    const first = await tell('truck-1', 1, spoof(3200));
    await go('/events?priority=alarm');
    await expect.poll(() => texts('situation'), patience).toHaveLength(1);
    // Both corrections come while one watches.
    const second = await tell('truck-1', 1, spoof(3100, { supersedes: first.id }));
    await expect
      .poll(() => texts('situation'), patience)
      .toEqual([expect.stringContaining('Corrected: truck-1')]);
    const wrong = await tell('truck-2', 2, { type: 'quaywatch.track.clone', data: { distanceM: 900 } });
    const gone = await tell('truck-2', 2, {
      type: 'quaywatch.track.clone',
      data: { distanceM: 900, retracted: true },
      supersedes: wrong.id,
    });
    await expect
      .poll(() => texts('situation'), patience)
      .toEqual([
        expect.stringContaining('Withdrawn: truck-2'),
        expect.stringContaining('Corrected: truck-1'),
      ]);
    // The list of all events keeps each, and says which of them no longer stand.
    await expect
      .poll(async () => new Map((await looks()) as [string, string][]), patience)
      .toEqual(
        new Map([
          [gone.id, 'withdrawn'],
          [wrong.id, 'replaced'],
          [second.id, 'alarm'],
          [first.id, 'replaced'],
        ]),
      );
    const place = { type: 'quaywatch.position.observed', data: { lon: 119.6, lat: 34.75 } };
    await tell('truck-1', 3, place, 'telemetry');
    await page.locator(`[data-event="${first.id}"]`).click();
    // Around it stands what matters, not each of its positions.
    await expect.poll(() => texts('event-detail'), patience).toEqual([expect.stringContaining('Corrected')]);
    await page.getByTestId('replaced').getByText('What came later says').waitFor();
    await shootAll(page, 'replaced');
    await page.getByTestId('replaced').getByRole('button').click();
    await page.getByTestId('event-detail').getByRole('button', { name: first.id }).waitFor();
    expect(await page.getByTestId('event-detail').getByText('3.1 km', { exact: true }).count()).toBe(1);
    expect(await page.getByTestId('replaced').count()).toBe(0);
  }, 240_000);

  test('an alarm that is over is no alarm any more, and says of what it was one', async () => {
    const speed = { limit: 90, side: 'above', name: 'speed', unit: 'km/h' };
    await tell('truck-3', 3, { type: 'quaywatch.threshold.raised', data: { ...speed, value: 99.9 } });
    await tell('truck-3', 4, { type: 'quaywatch.threshold.cleared', data: { ...speed, value: 79.3 } });
    await go('/events?priority=alarm&subject=truck-3');
    const rows = page.getByTestId('event-list').getByTestId('event');
    await rows.getByText('speed back within the upper limit of 90 km/h at 79.3 km/h').waitFor();
    await expect
      .poll(async () => (await looks()).map(([, look]) => look), patience)
      .toEqual(['over', 'alarm']);
  }, 240_000);

  test('what counts against an object is changed on its page, and counts at once', async () => {
    expect((await hub.json<ObjectRisk>('/objects/truck-1/risk')).level).toBe('raised');
    await go('/watch');
    await page.getByTestId('open-risk-rules').click();
    await page.getByTestId('risk-high').fill('10');
    await page.getByText('below “look”').waitFor();
    expect(await page.getByTestId('risk-rules-save').isEnabled()).toBe(false);
    await page.getByTestId('risk-raised').fill('5');
    await page.getByTestId('risk-weight-track.spoof').getByRole('spinbutton').first().fill('20');
    await page.getByTestId('risk-add').selectOption('seal.cut');
    await shootAll(page, 'risk-rules');
    await page.getByTestId('risk-rules-save').click();
    await page.getByText('Changed by admin').waitFor();
    const rules = await hub.json<RiskRules>('/risk-rules');
    expect([rules.raised, rules.high, rules.by]).toEqual([5, 10, 'admin']);
    expect(rules.weights).toContainEqual({ type: 'quaywatch.track.spoof', points: 20, halfLifeHours: 72 });
    expect(rules.weights.at(-1)).toEqual({ type: 'quaywatch.seal.cut', points: 10, halfLifeHours: 24 });
    expect(await hub.json<ObjectRisk>('/objects/truck-1/risk')).toMatchObject({ level: 'high' });
  }, 240_000);

  test('a watch list is made, and told what a match raises', async () => {
    await go('/watch');
    await page.getByTestId('watch-new').fill('Stolen');
    await page.locator('#new-list-hint.warn').waitFor();
    await page.getByTestId('watch-new').fill('stolen');
    await page.getByTestId('watch-new').press('Enter');
    await page.getByTestId('watch-text').fill('truck-9, told by the broker');
    await page.getByTestId('watch-add').click();
    await page.getByTestId('watch-settings').locator('summary').click();
    await page.getByTestId('watch-title').fill('Stolen trucks');
    await page.getByLabel('A match raises').selectOption('verdict');
    await page.getByTestId('watch-settings').getByRole('button', { name: 'Save' }).click();
    await page.getByText('a match raises a notice').waitFor();
    const { lists } = await hub.json<WatchLists>('/watch-lists');
    expect(lists).toMatchObject([
      { name: 'stolen', title: 'Stolen trucks', priority: 'verdict', entries: 1 },
    ]);
    await page.getByTestId('watch-drop').click();
    await shootAll(page, 'watch-list');
    await page.getByTestId('watch-drop-sure').click();
    await page.getByText('A watch list names plates').waitFor();
    expect((await hub.json<WatchLists>('/watch-lists')).lists).toEqual([]);
    expect(errors).toEqual([]);
  }, 240_000);
});
