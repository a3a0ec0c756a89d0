import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { BoxList, BoxView } from '#hub/api/types';
import { number, onceEach, startBox } from '#test/support/box';
import { startHub, until } from '#test/support/hub';

const kinds = {
  'random bytes': (file: string) => writeFileSync(file, randomBytes(300)),
  empty: (file: string) => writeFileSync(file, ''),
  truncated: (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  gone: (file: string) => rmSync(file),
};
type Kind = keyof typeof kinds;

/** Files of the data folder as paths in it; what was set aside before is none of them. */
const filesOf = (data: string): string[] =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.damaged-'))
    .map((entry) => relative(data, join(entry.parentPath, entry.name)))
    .sort();

/** Files whose damage costs something, or would have: it is told. All others can be made anew. */
const told = /^(identity\/|release\/release\.json|outbox\/outbox\.db$|outbox\/sequence$)/;

test('each file of the data folder is damaged in turn: the box starts, says so, is the same box at its hub, and goes on', async () => {
  const hub = await startHub();
  const box = await startBox({ token: await hub.token(), flows: [] });
  const data = join(box.folder, 'data');
  const corrupt = async () =>
    (await hub.json<{ events: { event: Event }[] }>('/events?limit=500')).events.filter(
      ({ event }) => event.type === 'quaywatch.box.corrupt',
    ).length;
  const { box: id } = await until(async () => (await hub.json<BoxList>('/boxes')).boxes[0]);
  try {
    await hub.api(`/boxes/${id}/release`, { method: 'POST', body: JSON.stringify({ flows: [onceEach()] }) });
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).release?.state === 'running');
    let value = 0;
    /** A device's word is taken, by the released flow, and the hub gets it. */
    const works = async (what: string) => {
      const device = await box.device();
      value += 1;
      await device.publishAsync('numbers/a', number(value), { qos: 1 });
      await device.endAsync();
      await until(
        async () =>
          (await hub.json<{ events: { event: Event }[] }>('/events?limit=500')).events.some(
            ({ event }) => event.box === id && event.data.value === value,
          ),
        `the event after ${what}`,
      );
    };
    await works('the start');
    const names = Object.keys(kinds) as Kind[];
    for (const [n, file] of filesOf(data).entries()) {
      // Two kinds for each file, others for the next, so that all meet all kinds of files.
      for (const kind of [names[n % 4], names[(n + 1 + (n >> 2)) % 4]] as Kind[]) {
        const before = await corrupt();
        await box.restart(() => {
          if (filesOf(data).includes(file)) kinds[kind](join(data, file));
        });
        expect(box.box.identity).toMatchObject({ box: id, hub: { broker: expect.any(String) } });
        await works(`${file}: ${kind}`);
        // A file that was never finished is gone too.
        if (told.test(file) && kind !== 'gone')
          expect(await corrupt(), `${file}: ${kind}`).toBeGreaterThan(before);
      }
    }
  } finally {
    await box.close();
    await hub.close();
  }
}, 300_000);

test('a box that has lost its keys for good keeps what it concludes, says what to do, and is enrolled again', async () => {
  const hub = await startHub();
  const box = await startBox({ token: await hub.token() });
  try {
    const id = box.box.identity.box;
    const identity = join(box.folder, 'data', 'identity');
    await box.restart(() => {
      for (const name of readdirSync(identity))
        if (name.startsWith('tls.key')) writeFileSync(join(identity, name), '?');
    });
    expect(box.box.identity).toEqual({ box: id, site: 'quay' });
    expect(box.said.map(({ code }) => code)).toContain('identity.lost');
    const device = await box.device();
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    await device.endAsync();
    expect(box.box.outbox.fill().pending.verdict).toBeGreaterThan(0);
    const token = await hub.token();
    await box.restart(() => writeFileSync(join(box.folder, 'token'), token, { mode: 0o600 }));
    expect(box.box.identity.hub).toBeDefined();
    expect(box.box.identity.box).not.toBe(id);
    // What came under the id that it had reaches the hub under the new one, and says so.
    const event = await until(async () =>
      (await hub.json<{ events: { event: Event }[] }>('/events?limit=100')).events
        .map(({ event: one }) => one)
        .find(({ data }) => data.value === 1),
    );
    expect(event.box).toBe(box.box.identity.box);
    expect(event.formerid).toMatch(new RegExp(`^${id}:\\d+$`));
    expect(readFileSync(join(identity, 'identity.json'), 'utf8')).toContain(box.box.identity.box);
  } finally {
    await box.close();
    await hub.close();
  }
}, 120_000);
