import { readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import type { Event } from '#flows/event';
import type { EventPage, LiveMessage } from '#hub/api/types';
import type { Scope } from '../scope.ts';
import type { Hub } from './hub.ts';
import { Schedule } from './schedule.ts';
import type { Sighting } from './system.ts';
import { monotonicMs } from './wait.ts';

const fenceEvent = /^quaywatch\.fence\.(enter|exit)$/;

/** A fence event as the oracle names it; undefined for every other event. */
export function sighting(event: Event, schedule: Schedule, atMs: number): Sighting | undefined {
  const change = fenceEvent.exec(event.type)?.[1];
  if (!change) return undefined;
  const index = schedule.indexOf(event.subject ?? '', Date.parse(String(event.data.confirmed)));
  return { index, key: `${index} ${String(event.data.fence)} ${change}`, atMs };
}

export interface HubWatch {
  /** Of the box that it watches. */
  readonly schedule: Schedule;
  /** Fence events as the hub's live stream brought them. */
  readonly seen: Sighting[];
  /** All other events of the live stream. */
  readonly others: Event[];
  /** Everything that the hub has stored, oldest first, by its own API. */
  stored(): Promise<Event[]>;
}

/** Signs in with the one-time link and hears every event of the live stream, as a screen does. */
export async function listen(
  { url, signInFile }: Hub,
  scope: Scope,
  onEvent: (event: Event, atMs: number) => void,
): Promise<{ readonly api: string; readonly cookie: string }> {
  const api = `${url}/api/v1`;
  const token = new URL((await readFile(signInFile, 'utf8')).trim()).hash.slice(1);
  const answer = await fetch(`${api}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`The hub refused to sign in: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const socket = new WebSocket(`${api.replace('http', 'ws')}/live`, { headers: { cookie, origin: url } });
  scope.defer(() => socket.terminate());
  const take = (message: LiveMessage) => {
    if (message.kind === 'skipped') throw new Error(`The live stream skipped ${message.events} events.`);
    if (message.kind === 'event') onEvent(message.event.event, monotonicMs());
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data) => {
      take(JSON.parse(String(data)) as LiveMessage);
      resolve();
    });
    socket.once('open', () => socket.send(JSON.stringify({ kind: 'watch', events: {}, objects: false })));
  });
  return { api, cookie };
}

/** Watches the live stream for what the oracle compares; `onOther` hears of all but fences. */
export async function watchHub(
  hub: Hub,
  scope: Scope,
  onOther: (event: Event, atMs: number) => void = () => undefined,
): Promise<HubWatch> {
  const schedule = new Schedule();
  const seen: Sighting[] = [];
  const others: Event[] = [];
  const { api, cookie } = await listen(hub, scope, (event, atMs) => {
    const one = sighting(event, schedule, atMs);
    if (one) seen.push(one);
    else {
      others.push(event);
      onOther(event, atMs);
    }
  });
  const stored = async () => {
    const events: Event[] = [];
    for (let before = ''; ; ) {
      const page = await fetch(`${api}/events?limit=500${before}`, { headers: { cookie } });
      if (!page.ok) throw new Error(`The hub's events cannot be read: ${await page.text()}`);
      const { events: some, next } = (await page.json()) as EventPage;
      events.push(...some.map((each) => each.event));
      if (next === undefined) return events.reverse();
      before = `&before=${encodeURIComponent(next)}`;
    }
  };
  return { schedule, seen, others, stored };
}
