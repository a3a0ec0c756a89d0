import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Event } from '#flows/event';
import type { BoxView, EventPage, LiveMessage } from '#hub/api/types';
import { number, onceEach, startBox, type TestBox } from '#test/support/box';
import { freePort } from '#test/support/free-port';
import { startHub, type TestHub, until } from '#test/support/hub';

let hub: TestHub;
let box: TestBox;

beforeEach(async () => {
  hub = await startHub({ broker: `127.0.0.1:${await freePort()}` });
  box = await startBox({ token: await hub.token() });
});
afterEach(async () => {
  await box.close();
  await hub.close();
});

const id = () => box.box.identity.box;
async function stored(): Promise<Event[]> {
  const events: Event[] = [];
  let before = '';
  for (;;) {
    const page = await hub.json<EventPage>(`/events?box=${id()}&limit=500${before}`);
    events.push(...page.events.map(({ event }) => event));
    if (page.next === undefined) return events.sort((a, b) => a.sequence - b.sequence);
    before = `&before=${encodeURIComponent(page.next)}`;
  }
}
const values = (events: readonly Event[]) => events.map(({ data }) => data.value);
const view = () => hub.json<BoxView>(`/boxes/${id()}`);

describe('a box and its hub', () => {
  test('what a device published and had answered is at the hub, once and in order', async () => {
    const device = await box.device();
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => device.publishAsync('numbers/a', number(n), { qos: 1 })),
    );
    await until(async () => (await stored()).length === 300, '300 events at the hub');
    const events = await stored();
    expect(values(events)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    expect(events[0]).toMatchObject({
      id: `${id()}:1`,
      source: `/boxes/${id()}/flows/numbers/out`,
      type: 'quaywatch.reading.observed',
      subject: 'd-1',
      site: 'quay',
      priority: 'verdict',
      previous: 0,
    });
    expect(events[0]?.traceparent).toMatch(/^00-/);
    await until(() => box.box.outbox.fill().pending.verdict === 0, 'the outbox to be empty');
    const { status } = await view();
    expect(status).toMatchObject({ name: 'test box', flows: [{ id: 'numbers', state: 'running' }] });
  });

  test('a dead hub loses nothing and doubles nothing', async () => {
    const device = await box.device();
    await device.publishAsync('numbers/a', number(0), { qos: 1 });
    await until(async () => (await stored()).length === 1);
    await hub.hub.close();
    for (let n = 1; n <= 50; n++) await device.publishAsync('numbers/a', number(n), { qos: 1 });
    await box.restart();
    const again = await box.device();
    for (let n = 51; n <= 60; n++) await again.publishAsync('numbers/a', number(n), { qos: 1 });
    await hub.restart();
    await until(async () => (await stored()).length === 61, 'all events at the hub', 60_000);
    expect(values(await stored())).toEqual(Array.from({ length: 61 }, (_, n) => n));
  });

  test('a release changes a flow without losing a message', async () => {
    const device = await box.device();
    let n = 0;
    const sent: Promise<unknown>[] = [];
    const sender = setInterval(() => {
      for (let i = 0; i < 5; i++) sent.push(device.publishAsync('numbers/a', number(n++), { qos: 1 }));
    }, 5);
    const release = async (flow: object, rest: object = {}) => {
      const body = JSON.stringify({ flows: [flow], ...rest });
      const answer = await hub.api(`/boxes/${id()}/release`, { method: 'POST', body });
      return { status: answer.status, plan: (await answer.json()) as { version: number } };
    };
    const running = (version: number) =>
      until(async () => {
        const { release: shown } = await view();
        return shown?.version === version && shown.state === 'running';
      }, `release ${version}`);
    await until(async () => (await view()).status !== undefined, 'a status');
    const changed = onceEach({ version: 2 });
    (changed.nodes[2] as { config: object }).config = { priority: 'alarm' };
    await release(changed);
    await running(1);
    const other = onceEach({ version: 3 });
    (other.nodes[0] as { config: object }).config = { topic: 'numbers/+' };
    await release(other);
    await running(2);
    clearInterval(sender);
    await Promise.all(sent);
    await until(async () => (await stored()).length === n, 'all events at the hub');
    const events = await stored();
    expect(new Set(values(events)).size).toBe(n);
    expect(new Set(events.map(({ flowhash }) => flowhash)).size).toBeGreaterThan(1);

    await box.restart(); // runs the release, not the flow of its config
    expect(box.box.status().flows).toMatchObject([{ id: 'numbers', version: 3, state: 'running' }]);
  });

  test('a tap shows what leaves a node', async () => {
    await until(async () => (await view()).status !== undefined, 'a status');
    const live = new WebSocket(`${hub.hub.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: hub.cookie, origin: hub.hub.url },
    });
    const seen: LiveMessage[] = [];
    live.on('message', (data) => seen.push(JSON.parse(String(data)) as LiveMessage));
    const hello = await until(() => seen.find((message) => message.kind === 'hello'), 'a hello');
    const wish = { flow: 'numbers', node: 'once', port: 'out', seconds: 20, maxPerSecond: 10 };
    const body = JSON.stringify({ ...wish, client: hello.client });
    const answer = await hub.api(`/boxes/${id()}/tap`, { method: 'POST', body });
    expect(answer.status).toBeLessThan(300);
    const device = await box.device();
    let n = 0;
    const tapped = await until(async () => {
      await device.publishAsync('numbers/a', number(n++), { qos: 1 });
      return seen.find((message) => message.kind === 'tap');
    }, 'a tap report');
    expect(tapped.tap.messages[0]).toMatchObject({ kind: 'reading', device: 'd-1' });
    live.close();
  });

  test('a revoked box goes on by itself, keeps what it concludes and says why', async () => {
    await until(async () => (await view()).status !== undefined, 'a status');
    const answer = await hub.api(`/boxes/${id()}`, { method: 'DELETE' });
    expect(answer.status).toBeLessThan(300);
    const device = await box.device();
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    const status = await until(async () => {
      const shown = JSON.parse((await box.page('/status')).text);
      return shown.uplink.problem?.code === 'link.refused' && shown;
    }, 'a refused link');
    expect(status.outbox.pending.verdict).toBe(1);
    expect(status.flows[0].state).toBe('running');
    expect((await box.page('/health')).status).toBe(200);
    expect((await stored()).length).toBe(0);
  });
});
