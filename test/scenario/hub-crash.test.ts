import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Event } from '#flows/event';
import type { EventPage } from '#hub/api/types';
import { type BoxLink, Chain, enrol, type Identity, link } from '#test/support/box-client';
import { signIn, until } from '#test/support/hub';
import { freePort, quaywatch } from '#test/support/quaywatch';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The hub is killed at moments that nobody chose; the box sends what was not acknowledged again. */
test('a hub that is killed again and again has every event once, in order, without a gap', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quaywatch-crash-'));
  const config = join(folder, 'hub.json');
  const [http, broker, enrolment] = await Promise.all([freePort(), freePort(), freePort()]);
  await writeFile(
    config,
    JSON.stringify({
      data: 'data',
      http: `127.0.0.1:${http}`,
      broker: `127.0.0.1:${broker}`,
      enrolment: `127.0.0.1:${enrolment}`,
      sites: [{ id: 'quay', name: 'Quay' }],
      enrolments: [{ name: 'box', site: 'quay', file: 'box.token' }],
    }),
  );
  const start = async () => {
    const hub = quaywatch(['hub', '--config', config]);
    await hub.said(/sign in once/, 120_000);
    return hub;
  };
  let hub = await start();
  const identity = await enrol((await readFile(join(folder, 'box.token'), 'utf8')).trim());
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
      hub = await start();
    }
    const box = await connected(identity);
    const rest = all.filter(({ sequence }) => sequence > upto);
    for (let at = 0; at < rest.length; at += 50) box.sendBatch(chain.batch('alarm', rest.slice(at, at + 50)));
    await until(() => box.acknowledgements().some((ack) => ack.upto === all.length));
    await box.close();

    const signInUrl = (await readFile(join(folder, 'data', 'sign-in.url'), 'utf8')).trim();
    const cookie = await signIn(signInUrl);
    const found: Event[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const before: string = next === '' ? '' : `&before=${next}`;
      const answer = await fetch(
        `http://127.0.0.1:${http}/api/v1/events?box=${identity.box}&limit=1000${before}`,
        {
          headers: { cookie },
        },
      );
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
