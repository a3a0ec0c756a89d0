import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event, Priority } from '#flows/event';
import { signDocument } from '#flows/trust/sign';
import { topics } from '#flows/wire';
import type { BoxView, EventPage } from '#hub/api/types';
import { type BoxLink, Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function newBox(): Promise<{ box: BoxLink; chain: Chain; id: string }> {
  const identity = await enrol(await hub.token());
  return { box: await link(identity), chain: new Chain(identity.box, identity.site), id: identity.box };
}

const stored = async (id: string): Promise<Event[]> =>
  (await hub.json<EventPage>(`/events?box=${id}&limit=1000`)).events.map(({ event }) => event);
const acknowledged = (box: BoxLink, priority: Priority, upto: number) =>
  until(() => box.acknowledgements().find((ack) => ack.priority === priority && ack.upto === upto));
const refused = (box: BoxLink, code: string) =>
  until(() => box.acknowledgements().find((ack) => ack.refused?.code === code), code);

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
});
