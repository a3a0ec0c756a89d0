import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Event } from '#flows/event';
import type { EventPage } from '#hub/api/types';
import { type BoxLink, Chain, enrol, type Identity, link } from '#test/support/box-client';
import { until } from '#test/support/hub';
import { hubProcess } from '#test/support/hub-process';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The hub is killed at moments that nobody chose; the box sends what was not acknowledged again. */
test('a hub that is killed again and again has every event once, in order, without a gap', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quaywatch-crash-'));
  const machine = await hubProcess(folder, ['quay']);
  let hub = await machine.start();
  const identity = await enrol(await machine.token('quay'));
  const chain = new Chain(identity.box, identity.site);
  const all: Event[] = [];
  let upto = 0;
  try {
    for (let life = 0; life < 3; life += 1) {
      const box = await connected(identity);
      const enough = upto + 300 + life * 37;
      const sending = sendOn(box, chain, all, upto);
      await until(() => {
        upto = Math.max(upto, ...box.acknowledgements().map((ack) => ack.upto));
        return upto > enough;
      });
      await hub.stop('SIGKILL');
      sending.stop();
      upto = Math.max(upto, ...box.acknowledgements().map((ack) => ack.upto));
      await box.close();
      hub = await machine.start();
    }
    const box = await connected(identity);
    const rest = all.filter(({ sequence }) => sequence > upto);
    for (let at = 0; at < rest.length; at += 50) box.sendBatch(chain.batch('alarm', rest.slice(at, at + 50)));
    await until(() => box.acknowledgements().some((ack) => ack.upto === all.length));
    await box.close();

    const cookie = await machine.cookie();
    const found: Event[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const before: string = next === '' ? '' : `&before=${next}`;
      const answer = await fetch(`${machine.api}/events?box=${identity.box}&limit=1000${before}`, {
        headers: { cookie },
      });
      const page = (await answer.json()) as EventPage;
      found.push(...page.events.map(({ event }) => event));
      next = page.next;
    }
    expect(found.reverse()).toEqual(all);
  } finally {
    await hub.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);

const connected = (identity: Identity): Promise<BoxLink> =>
  until(() => link(identity).catch(() => undefined));

/** Sends what is not acknowledged again, then new events in small batches without waiting for answers. */
function sendOn(box: BoxLink, chain: Chain, all: Event[], upto: number): { stop: () => void } {
  for (let at = upto; at < all.length; at += 100)
    box.sendBatch(chain.batch('alarm', all.slice(at, at + 100)));
  const timer = setInterval(() => {
    const events = Array.from({ length: 20 }, () => chain.event('alarm'));
    all.push(...events);
    box.sendBatch(chain.batch('alarm', events));
  }, 4);
  return { stop: () => clearInterval(timer) };
}
