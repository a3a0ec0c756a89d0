import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '#flows/event';
import { readFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { runFlow } from '#flows/run/run';
import type { BoxList, StoredEvent } from '#hub/api/types';
import { openPostgresStore } from '#hub/store/postgres/postgres';
import { enrol } from './box-client.ts';
import { freePort } from './free-port.ts';
import { signIn, until } from './hub.ts';
import { KafkaBox } from './kafka-box.ts';
import { quaywatch, type Running, temporaryFolder } from './quaywatch.ts';

export interface HubGroup {
  readonly brokers: readonly string[];
  /** Address of an empty database. */
  readonly postgres: string;
  readonly hubs: number;
  readonly boxes: number;
  readonly kills: number;
  readonly eventsPerBox: number;
}

/** Every part of it has trucks whose way goes on while hubs come and go. */
const flow = {
  id: 'ways',
  version: 1,
  nodes: [
    { id: 'fences', driver: 'events', config: { types: ['quaywatch.fence.*'], by: 'm.subject' } },
    {
      id: 'way',
      stage: 'control',
      config: {
        plan: 'way',
        steps: [
          { id: 'gate', enter: 'gate' },
          { id: 'road', enter: 'road' },
          { id: 'yard', enter: 'yard' },
        ],
      },
    },
    { id: 'out', stage: 'emit' },
  ],
  wires: [
    { from: 'fences', to: 'way' },
    { from: 'way', to: 'out' },
  ],
};

/** Runs hubs as processes on one Kafka and one database, kills some of them under load, and counts what came of it. */
export async function hubGroup(group: HubGroup) {
  using folder = temporaryFolder();
  const prefix = 'group';
  const http: number[] = [];
  const hubs: Running[] = [];
  async function start(n: number): Promise<void> {
    http[n] ??= await freePort();
    const config = join(folder.path, `hub-${n}.json`);
    const content = {
      number: n + 1,
      data: `data-${n}`,
      keys: 'keys',
      http: `127.0.0.1:${http[n]}`,
      broker: '127.0.0.1:0',
      enrolment: '127.0.0.1:0',
      sites: [{ id: 'quay', name: 'Quay' }],
      store: { postgres: group.postgres },
      kafka: {
        brokers: group.brokers,
        prefix,
        partitions: 6,
        replication: Math.min(3, group.brokers.length),
      },
      flows: ['flow.json'],
    };
    await writeFile(config, JSON.stringify(content));
    const hub = quaywatch(['hub', '--config', config]);
    hubs[n] = hub;
    await hub.said(/sign in once/, 120_000);
  }
  await writeFile(join(folder.path, 'flow.json'), JSON.stringify(flow));
  const boxes: KafkaBox[] = [];
  let pumping: NodeJS.Timeout | undefined;
  try {
    await start(0);
    const cookie = await signIn((await readFile(join(folder.path, 'data-0', 'sign-in.url'), 'utf8')).trim());
    for (let n = 1; n < group.hubs; n += 1) await start(n);
    for (let n = 0; n < group.boxes; n += 1) {
      const answer = await fetch(`http://127.0.0.1:${http[0]}/api/v1/enrolments`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `box-${n}`, site: 'quay' }),
      });
      const { token } = (await answer.json()) as { token: string };
      boxes.push(new KafkaBox(await enrol(token, `box-${n}`), group.brokers, prefix));
    }
    await until(() => boxes.every(({ up }) => up), 'every box has its link');
    pumping = setInterval(() => {
      for (const box of boxes) box.pump();
    }, 20);
    const portions = group.kills * 2 + 2;
    for (let portion = 0; portion < portions; portion += 1) {
      for (const box of boxes) box.make(Math.round(group.eventsPerBox / portions));
      const half = group.eventsPerBox / portions / 2;
      await until(
        () => boxes.some(({ upto, events }) => upto >= events.length - half),
        'some of it is stored',
      );
      const victim = Math.floor(portion / 2) % group.hubs;
      if (portion % 2 === 0 && portion / 2 < group.kills) await hubs[victim]?.stop('SIGKILL');
      else if (portion % 2 === 1 && hubs[victim]?.child.signalCode) await start(victim);
    }
    await until(
      () => boxes.every(({ upto, events }) => upto === events.length),
      'all is acknowledged',
      90_000,
    );
    const cookies = new Map<number, string>();
    for (const n of http.keys()) {
      const link = (await readFile(join(folder.path, `data-${n}`, 'sign-in.url'), 'utf8')).trim();
      cookies.set(n, await signIn(link));
    }
    const seen = await Promise.all(
      http.map((port, n) =>
        until(
          async () => {
            const answer = await fetch(`http://127.0.0.1:${port}/api/v1/boxes`, {
              headers: { cookie: cookies.get(n) ?? '' },
            });
            const list = ((await answer.json()) as BoxList).boxes;
            return list.length === boxes.length && list.every(({ watermarks }) => watermarks.telemetry);
          },
          `hub ${n + 1} shows every box`,
        ),
      ),
    );
    return { ...(await count(group.postgres, boxes)), showing: seen.length };
  } finally {
    clearInterval(pumping);
    await Promise.all(boxes.map((box) => box.stop()));
    await Promise.all(hubs.map((hub) => hub.stop('SIGKILL')));
  }
}

const gist = ({ subject = '', type, time, data }: Event) =>
  `${subject} ${time} ${type} ${JSON.stringify(data)}`;

/** What one run on the stored events concludes. */
async function conclusions(stored: readonly StoredEvent[]): Promise<string[]> {
  const read = readFlow(flow);
  if (!('document' in read)) throw new Error(JSON.stringify(read.problems));
  const wanted: string[] = [];
  const lines = stored.map((one) => JSON.stringify(one));
  for await (const event of runFlow({ document: read.document, stages, lines, hold: true }))
    wanted.push(gist(event));
  return wanted;
}

/** What the hubs did not conclude of it, and what they concluded beside it. */
function compare(wanted: readonly string[], stored: readonly StoredEvent[]) {
  const found = stored.map(({ event }) => gist(event));
  const open = new Map<string, number>();
  for (const one of wanted) open.set(one, (open.get(one) ?? 0) + 1);
  let beside = 0;
  for (const one of found) {
    const left = open.get(one) ?? 0;
    if (left === 0) beside += 1;
    else open.set(one, left - 1);
  }
  const missing = [...open.values()].reduce((sum, left) => sum + left, 0);
  return { missing, beside, concluded: found.length };
}

/** What the database has, in the order in which it was stored, beside what the boxes made. */
async function count(postgres: string, boxes: readonly KafkaBox[]) {
  const store = await openPostgresStore(postgres);
  const next = new Map<string, number>();
  const result = { lost: 0, doubled: 0, disordered: 0, events: 0 };
  for (let position = 0; ; ) {
    const some = await store.records.after(position, 1000);
    for (const { event } of some) {
      if (event.box.startsWith('hub-')) continue;
      const expected = next.get(event.box) ?? 1;
      result.events += 1;
      if (event.sequence < expected) result.doubled += 1;
      else if (event.sequence > expected) result.disordered += 1;
      next.set(event.box, Math.max(expected, event.sequence + 1));
    }
    const last = some.at(-1);
    if (!last) break;
    position = last.position;
  }
  const isOwn = ({ event }: StoredEvent) => event.source.includes('/flows/ways/');
  const wanted = await conclusions((await store.records.after(0, 1_000_000)).filter((one) => !isOwn(one)));
  // Longer than it takes: what is missing then is missing.
  await until(async () => {
    const all = await store.records.after(0, 1_000_000);
    return all.filter(isOwn).length >= wanted.length;
  }, 'the flows have come to the end').catch(() => undefined);
  const flows = compare(wanted, (await store.records.after(0, 1_000_000)).filter(isOwn));
  await store.close();
  const made = boxes.reduce((sum, { events }) => sum + events.length, 0);
  result.lost = made - result.events;
  return { ...result, flows, refused: [...new Set(boxes.flatMap(({ refused }) => [...refused]))] };
}
