import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ObjectRisk, RiskRules } from '#hub/api/risk-types';
import type { EventPage } from '#hub/api/types';
import type { WatchImport, WatchList, WatchLists, WatchScreening } from '#hub/api/watch-types';
import { type BoxLink, Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let hub: TestHub;
let box: BoxLink;
let chain: Chain;
const start = Date.now() - 3_600_000;
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
beforeAll(async () => {
  hub = await startHub();
  const identity = await enrol(await hub.token('quay', 'quay'), 'quay');
  box = await link(identity);
  chain = new Chain(identity.box, 'quay');
});
afterAll(async () => {
  await box?.close();
  await hub?.close();
});

const pass = async (seconds: number, object: string) => {
  const event = chain.event('verdict', {
    type: 'quaywatch.passage.observed',
    subject: object,
    time: at(seconds),
    data: { object, point: 'gate-a', confidence: 0.9 },
  });
  box.sendBatch(chain.batch('verdict', [event]));
  await until(() => box.acknowledgements().some((a) => a.priority === 'verdict' && a.upto >= event.sequence));
};
const send = async <T>(path: string, body: unknown, method = 'POST') => {
  const answer = await hub.api(path, { method, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
};
const hits = async () =>
  (await hub.json<EventPage>('/events?type=quaywatch.watch.hit')).events.map(({ event }) => event);

test('a list in bulk raises an alarm when one of it is heard of, screens the past, and survives a restart', async () => {
  await pass(0, 'LN 4711');
  const lines = [
    'plate,why',
    ...Array.from({ length: 2000 }, (_, n) => `XX-${n},none`),
    'LN-4711,stolen',
    'CSQU3054384',
  ];
  const added = await send<WatchImport>('/watch-lists/stolen/entries', { text: lines.join('\n') });
  expect(added).toMatchObject({ status: 200, body: { added: 2001, known: 0, problems: [{ line: 2003 }] } });
  expect(await send('/watch-lists/stolen/entries', { text: 'ln4711' })).toMatchObject({
    body: { added: 0, known: 1 },
  });
  expect(await send('/watch-lists/stolen', { title: 'Stolen', quietMinutes: 5 }, 'PUT')).toMatchObject({
    status: 200,
  });
  expect(await hits()).toEqual([]);

  await pass(60, 'LN 4711');
  await until(async () => (await hits()).length === 1);
  expect((await hits())[0]).toMatchObject({
    priority: 'alarm',
    subject: 'LN 4711',
    site: 'quay',
    data: { list: 'stolen', title: 'Stolen', entry: 'LN-4711', note: 'stolen', point: 'gate-a' },
  });
  await pass(120, 'LN4711');
  await pass(500, 'LN 4711');
  await until(async () => (await hits()).length === 3);

  await send('/watch-lists/plain/entries', { text: 'LN 4711' });
  const screened = await send<WatchScreening>('/watch-lists/plain/screen', { from: at(-10), to: at(1000) });
  expect(screened.body).toMatchObject({
    screened: 1,
    hits: [
      { entry: 'LN 4711', object: 'LN 4711', first: at(0) },
      { entry: 'LN 4711', object: 'LN4711', first: at(120) },
    ],
  });
  // as readers write it, whatever the list does
  await send('/watch-lists/spelled/entries', { text: 'ln-4711' });
  const spelled = await send<WatchScreening>('/watch-lists/spelled/screen', { from: at(-10), to: at(1000) });
  expect(spelled.body.hits).toMatchObject([{ entry: 'ln-4711', object: 'LN4711', first: at(120) }]);
  // a list of any size is read through page by page, though it changes meanwhile
  const large = Array.from({ length: 2000 }, (_, n) => `AA-${n}`);
  await send('/watch-lists/large/entries', { text: [...large, 'LN 4711'].join('\n') });
  const looked: string[] = [];
  let total = 0;
  for (let after: string | undefined; ; ) {
    const page = { from: at(-10), to: at(1000), limit: 700, ...(after !== undefined && { after }) };
    const { body } = await send<WatchScreening>('/watch-lists/large/screen', page);
    looked.push(...body.hits.map(({ entry }) => entry));
    total += body.screened;
    after = body.next;
    if (after === undefined) break;
    await send('/watch-lists/large/remove', { values: [after] });
  }
  expect([new Set(looked), looked.length, total]).toEqual([new Set(['LN 4711']), 2, 2001]);
  expect(await send('/watch-lists/large/screen', { from: at(0), to: at(1), limit: 20_001 })).toMatchObject({
    status: 400,
  });
  expect(await send('/watch-lists/stolen/remove', { values: ['ln 4711', 'xx-0'] })).toMatchObject({
    body: { removed: 2 },
  });
}, 60_000);

test('a name of nothing that is compared is not designated, and no time goes backwards', async () => {
  const put = { method: 'PUT', body: '{}' };
  expect((await hub.api('/objects/---/designation', put)).status).toBe(400);
  const body = JSON.stringify({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' });
  expect((await hub.api('/watch-lists/quiet', put)).status).toBe(200);
  expect((await hub.api('/watch-lists/quiet/screen', { method: 'POST', body })).status).toBe(400);
});

test('an object is designated with one call, and no more with another', async () => {
  expect(await send('/objects/LN%204712/designation', { reason: 'a "look"' }, 'PUT')).toMatchObject({
    status: 204,
  });
  const list = await hub.json<WatchList>('/watch-lists/designated');
  expect(list.entries).toMatchObject([{ value: 'LN 4712', note: 'a "look"', by: 'admin' }]);
  await pass(600, 'LN 4712');
  await until(async () => (await hits()).some(({ data }) => data.list === 'designated'));
  expect((await hub.api('/objects/LN%204712/designation', { method: 'DELETE' })).status).toBe(204);
  expect((await hub.json<WatchList>('/watch-lists/designated')).entries).toEqual([]);
});

const riskOf = (object: string) => hub.json<ObjectRisk>(`/objects/${encodeURIComponent(object)}/risk`);

test('what was told of an object adds up to its risk, by rules that can be changed', async () => {
  const before = await riskOf('LN 4711');
  expect(before).toMatchObject({ level: 'high', parts: [{ type: 'quaywatch.watch.hit', events: 2 }] });
  expect(before.score).toBeGreaterThan(95);
  expect(before.score).toBeLessThanOrEqual(100);
  expect(await riskOf('nobody')).toMatchObject({ score: 0, level: 'none', parts: [] });
  expect(await hub.json<ObjectRisk>(`/objects/LN%204711/risk?at=${at(30)}`)).toMatchObject({ score: 0 });

  const { weights, ...rest } = await hub.json<RiskRules>('/risk-rules');
  expect(weights.length).toBeGreaterThan(10);
  const lighter = [{ type: 'quaywatch.watch.*', points: 10, halfLifeHours: 1000 }];
  expect(await send('/risk-rules', { ...rest, weights: lighter }, 'PUT')).toMatchObject({
    status: 200,
    body: { by: 'admin', weights: lighter },
  });
  expect(await riskOf('LN 4711')).toMatchObject({ score: 20, level: 'some' });
  const wrong = [{ type: 'quaywatch.watch.*', points: -1, halfLifeHours: 0 }];
  expect(await send('/risk-rules', { ...rest, weights: wrong }, 'PUT')).toMatchObject({ status: 400 });
});

test('a list that is taken away raises nothing more, and stays away', async () => {
  await send('/watch-lists/short/entries', { text: 'SH 1' });
  expect(await send('/watch-lists/short', undefined, 'DELETE')).toMatchObject({ status: 204 });
  expect(await send('/watch-lists/short', undefined, 'DELETE')).toMatchObject({ status: 404 });
  const before = (await hits()).length;
  await pass(400, 'SH 1');
  await pass(401, 'XX-1'); // of a list that is still there
  await until(async () => (await hits()).length > before);
  const subjects = (await hits()).map(({ subject }) => subject);
  expect(subjects).toContain('XX-1');
  expect(subjects).not.toContain('SH 1');
  await hub.restart();
  const { lists } = await hub.json<WatchLists>('/watch-lists');
  expect(lists.map(({ name }) => name)).not.toContain('short');
});

test('lists and what was told survive a restart', async () => {
  await hub.restart();
  const { lists } = await hub.json<WatchLists>('/watch-lists');
  expect(lists.find(({ name }) => name === 'stolen')).toMatchObject({ entries: 1999, quietMinutes: 5 });
  expect(await hits()).toHaveLength(5);
  expect(await riskOf('LN 4711')).toMatchObject({ score: 20 });
});
