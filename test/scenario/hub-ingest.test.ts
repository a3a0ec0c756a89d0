import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Event, Priority } from '#flows/event';
import { signDocument } from '#flows/trust/sign';
import { topics } from '#flows/wire';
import type { BoxView, EventPage } from '#hub/api/types';
import { type BoxLink, Chain, enrol, type Identity, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function newBox(): Promise<{ box: BoxLink; chain: Chain; id: string; identity: Identity }> {
  const identity = await enrol(await hub.token());
  return {
    box: await link(identity),
    chain: new Chain(identity.box, identity.site),
    id: identity.box,
    identity,
  };
}

const stored = async (id: string): Promise<Event[]> =>
  (await hub.json<EventPage>(`/events?box=${id}&limit=1000`)).events.map(({ event }) => event);
const acknowledged = (box: BoxLink, priority: Priority, upto: number) =>
  until(() => box.acknowledgements().find((ack) => ack.priority === priority && ack.upto === upto));
const refused = (box: BoxLink, code: string) =>
  until(() => box.acknowledgements().find((ack) => ack.refused?.code === code), code);
const raised = (type: string, subject: string) =>
  until(
    async () => (await hub.json<EventPage>(`/events?type=${type}&subject=${subject}`)).events[0],
    `an event ${type}`,
  );

describe('batches over mutual TLS', () => {
  test('are stored, then acknowledged, each event once, however often they come', async () => {
    const { box, chain, id } = await newBox();
    const alarms = [chain.event('alarm'), chain.event('alarm')];
    const telemetry = [chain.event('telemetry')];
    const more = [chain.event('alarm')];
    for (const batch of [
      chain.batch('alarm', alarms),
      chain.batch('alarm', alarms),
      chain.batch('telemetry', telemetry),
      chain.batch('alarm', [...alarms, ...more]),
    ])
      box.sendBatch(batch);
    await acknowledged(box, 'alarm', 4);
    await acknowledged(box, 'telemetry', 3);
    const found = await stored(id);
    expect(found).toHaveLength(4);
    expect(found).toEqual(expect.arrayContaining([...alarms, ...telemetry, ...more]));
    expect((await hub.json<BoxView>(`/boxes/${id}`)).watermarks).toEqual({ alarm: 4, telemetry: 3 });
    await box.close();
  });

  test('are refused with a signature of another key, and nothing is stored', async () => {
    const { box, chain, id } = await newBox();
    const { identity: other, box: otherBox } = await newBox();
    box.send(signDocument(chain.batch('alarm', [chain.event('alarm')]), other.signer));
    expect((await refused(box, 'ingest.signature')).upto).toBe(0);
    const good = chain.batch('verdict', [chain.event('verdict')]);
    const { signature, ...rest } = signDocument(good, box.identity.signer);
    box.send({ ...rest, events: [{ ...rest.events[0], data: { changed: true } }], signature });
    await until(() => box.acknowledgements().filter(({ refused }) => refused).length >= 2);
    expect(await stored(id)).toEqual([]);
    await Promise.all([box.close(), otherBox.close()]);
  });

  test('with a gap are stored up to it, and the refusal says what is expected', async () => {
    const { box, chain, id } = await newBox();
    const [one, lost, three] = [chain.event('verdict'), chain.event('verdict'), chain.event('verdict')];
    box.sendBatch(chain.batch('verdict', [one, three]));
    const answer = await refused(box, 'ingest.gap');
    expect(answer.upto).toBe(1);
    expect(await stored(id)).toEqual([one]);
    box.sendBatch(chain.batch('verdict', [lost, three]));
    await acknowledged(box, 'verdict', 3);
    expect(await stored(id)).toHaveLength(3);
    await box.close();
  });

  test('may bury a range under a tombstone, which people get to see', async () => {
    const { box, chain, id } = await newBox();
    const events = Array.from({ length: 5 }, () => chain.event('telemetry'));
    const tombstone = {
      priority: 'telemetry' as const,
      from: 2,
      to: 4,
      count: 3,
      previous: 1,
      reason: 'budget' as const,
    };
    box.sendBatch(chain.batch('telemetry', [events[0], events[4]] as Event[], [tombstone]));
    await acknowledged(box, 'telemetry', 5);
    expect((await stored(id)).map(({ sequence }) => sequence)).toEqual([5, 1]);
    const { event } = await raised('quaywatch.outbox.tombstone', id);
    expect(event.data).toMatchObject({ box: id, from: 2, to: 4, count: 3, reason: 'budget' });
    await box.close();
  });

  test('with one bad event are stored up to it and refused from there, by its sequence', async () => {
    const { box, chain, id } = await newBox();
    const [one, two] = [chain.event('alarm'), chain.event('alarm')];
    box.sendBatch(chain.batch('alarm', [one, { ...two, time: 'yesterday' }]));
    const answer = await refused(box, 'ingest.event');
    expect(answer.upto).toBe(1);
    expect(answer.refused?.message).toContain('Event 2');
    expect(await stored(id)).toEqual([one]);
    await box.close();
  });

  test('that change what is stored are refused, raise a conflict, and the stored event stands', async () => {
    const { box, chain, id } = await newBox();
    const event = chain.event('alarm');
    box.sendBatch(chain.batch('alarm', [event]));
    await acknowledged(box, 'alarm', 1);
    box.sendBatch(chain.batch('alarm', [{ ...event, data: { value: 'other' } }]));
    expect((await refused(box, 'sequence.conflict')).upto).toBe(1);
    expect(await stored(id)).toEqual([event]);
    expect((await raised('quaywatch.sequence.conflict', id)).event).toMatchObject({
      priority: 'alarm',
      box: 'hub-1',
      site: 'quay',
      data: { box: id, sequence: 1 },
    });
    await box.close();
  });

  test('may not use a number twice in two priorities', async () => {
    const { box, chain, id } = await newBox();
    const event = chain.event('alarm');
    box.sendBatch(chain.batch('alarm', [event]));
    await acknowledged(box, 'alarm', 1);
    box.sendBatch(chain.batch('verdict', [{ ...event, priority: 'verdict' }]));
    expect((await refused(box, 'sequence.conflict')).upto).toBe(0);
    expect(await stored(id)).toEqual([event]);
    await box.close();
  });

  test.each([
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0])],
    ['half a document', '{"kind":"batch",'],
    ['a list', '[]'],
    ['an unknown kind', { kind: 'poem' }],
    ['a wrong status', { kind: 'status', uptimeS: 'long' }],
    ['a batch without a priority', { kind: 'batch', events: [], tombstones: [], signature: 'x' }],
  ])('%s: refused and counted, and the link goes on', async (_, payload) => {
    const { box, chain } = await newBox();
    const metrics = async () => await (await fetch(`${hub.hub.url}/metrics`)).text();
    const count = async () => {
      const lines = (await metrics())
        .split('\n')
        .filter((line) => /refused_total\{code="ingest\./.test(line));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const before = await count();
    const own =
      typeof payload === 'object' && !Buffer.isBuffer(payload)
        ? { ...payload, box: box.identity.box }
        : payload;
    box.send(own);
    box.sendBatch(chain.batch('alarm', [chain.event('alarm')]));
    await acknowledged(box, 'alarm', 1);
    expect(await count()).toBe(before + 1);
    await box.close();
  });

  test('for another box are refused', async () => {
    const { box } = await newBox();
    const { chain, id, box: other } = await newBox();
    box.sendBatch(chain.batch('alarm', [chain.event('alarm')]));
    await refused(box, 'ingest.foreign');
    expect(await stored(id)).toEqual([]);
    await Promise.all([box.close(), other.close()]);
  });
});

describe('the link', () => {
  test("a box that publishes on another's topic is cut, and nothing of it is stored", async () => {
    const [one, two] = [await newBox(), await newBox()];
    const batch = signDocument(two.chain.batch('alarm', [two.chain.event('alarm')]), two.identity.signer);
    one.box.client.publish(topics.up(two.id), JSON.stringify(batch), { qos: 1 });
    await until(() => one.box.closed);
    expect(two.box.closed).toBe(false);
    expect(await stored(two.id)).toEqual([]);
    expect((await raised('quaywatch.box.refused', one.id)).event.data.code).toBe('link.topic');
    await two.box.close();
  });

  test("a box cannot listen to another's topic or to all", async () => {
    const [one, two] = [await newBox(), await newBox()];
    for (const topic of [topics.down(two.id), '#', 'quaywatch/v1/+/down', '$SYS/#'])
      await expect(one.box.client.subscribeAsync(topic)).rejects.toThrow();
    two.box.sendBatch(two.chain.batch('alarm', [two.chain.event('alarm')]));
    await acknowledged(two.box, 'alarm', 1);
    expect(one.box.acknowledgements().every(({ upto }) => upto === 0)).toBe(true);
    await Promise.all([one.box.close(), two.box.close()]);
  });

  test('a revoked box is cut at once and does not come in again; others go on', async () => {
    const [one, two] = [await newBox(), await newBox()];
    expect((await hub.api(`/boxes/${one.id}`, { method: 'DELETE' })).status).toBe(204);
    await until(() => one.box.closed);
    expect((await hub.json<BoxView>(`/boxes/${one.id}`)).link).toBe('revoked');
    await expect(link(one.identity)).rejects.toThrow();
    expect((await raised('quaywatch.box.refused', one.id)).event.data.code).toBe('link.revoked');
    expect(hub.log.some((line) => line.includes('link.revoked') && line.includes(one.id))).toBe(true);
    two.box.sendBatch(two.chain.batch('alarm', [two.chain.event('alarm')]));
    await acknowledged(two.box, 'alarm', 1);
    await two.box.close();
  });

  test('a packet above the limit is refused before it is gathered', async () => {
    const { box, id } = await newBox();
    box.send(Buffer.alloc(5_000_000, 0x20));
    await until(() => box.closed);
    expect((await raised('quaywatch.box.refused', id)).event.data.code).toBe('link.size');
  });

  test('nobody comes in without a certificate of this hub', async () => {
    const socket = connectTls({ host: '127.0.0.1', port: hub.hub.ports.broker, rejectUnauthorized: false });
    socket.on('error', () => {});
    socket.write(Buffer.from('101000044d5154540402003c0004616e6f6e', 'hex'));
    const answer = await new Promise<number>((resolve) => {
      let bytes = 0;
      socket.on('data', (part) => {
        bytes += part.length;
      });
      socket.on('close', () => resolve(bytes));
    });
    expect(answer).toBe(0);
  });

  test('a new connection of the same box takes over', async () => {
    const { box, identity, chain, id } = await newBox();
    const second = await link(identity);
    await until(() => box.closed);
    second.sendBatch(chain.batch('alarm', [chain.event('alarm')]));
    await acknowledged(second, 'alarm', 1);
    expect((await hub.json<BoxView>(`/boxes/${id}`)).link).toBe('connected');
    await second.close();
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).link === 'lost');
  });

  test('after a restart of the hub the box hears where it was, and nothing comes twice', async () => {
    const { box, chain, id, identity } = await newBox();
    const first = chain.batch('alarm', [chain.event('alarm'), chain.event('alarm')]);
    box.sendBatch(first);
    await acknowledged(box, 'alarm', 2);
    await hub.restart();
    // The ports of this test are given out anew.
    const again = await link({ ...identity, broker: `mqtts://127.0.0.1:${hub.hub.ports.broker}` });
    await acknowledged(again, 'alarm', 2);
    again.sendBatch(first);
    again.sendBatch(chain.batch('alarm', [chain.event('alarm')]));
    await acknowledged(again, 'alarm', 3);
    expect(await stored(id)).toHaveLength(3);
    await again.close();
  });
});
