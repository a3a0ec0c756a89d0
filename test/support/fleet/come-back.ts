import { setTimeout as sleep } from 'node:timers/promises';
import type { EventPage } from '#hub/api/types';
import { hubProcess } from '../hub-process.ts';
import { temporaryFolder } from '../quaywatch.ts';
import { startFleet } from './fleet.ts';
import { enrolFleet } from './identities.ts';

/** Of one box, until the end. */
const eventsPerBox = 15;
/** A machine that does much else needs minutes for a thousand handshakes from both sides. */
const patienceMs = 900_000;

export interface ComeBack {
  readonly boxes: number;
  readonly lost: number;
  readonly doubled: number;
  readonly refused: readonly string[];
  /** Links that came up after the kill: each box once, if nobody was thrown out again. */
  readonly ups: number;
  /** From the first moment at which the hub could be reached until the last box was back, s. */
  readonly backS: number;
  /** Most boxes that came back within one second. */
  readonly mostInASecond: number;
  /** Longest time for which the hub's event loop stood still meanwhile, s. */
  readonly longestDelayS: number;
}

function mostInASecond(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(...sorted.map((at, n) => sorted.findLastIndex((other) => other < at + 1000) - n + 1));
}

/** How often each (box, sequence) is in the store, as the hub's API gives it. */
async function storedOf(api: string, cookie: string): Promise<Map<string, number>> {
  const stored = new Map<string, number>();
  let before = '';
  for (;;) {
    const answer = await fetch(`${api}/events?limit=1000${before}`, { headers: { cookie } });
    const { events, next } = (await answer.json()) as EventPage;
    for (const { event } of events) {
      const key = `${event.box}:${event.sequence}`;
      stored.set(key, (stored.get(key) ?? 0) + 1);
    }
    if (next === undefined) return stored;
    before = `&before=${next}`;
  }
}

async function longestDelayS(api: string): Promise<number> {
  const text = await (await fetch(api.replace('/api/v1', '/metrics'))).text();
  return Number(/^quaywatch_hub_nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]);
}

/** Connects so many boxes to a hub process, kills it while they send, starts it again, and waits until all of them have delivered. */
export async function comeBack(boxes: number, log: (line: string) => void): Promise<ComeBack> {
  using folder = temporaryFolder();
  const hub = await hubProcess(folder.path, ['quay']);
  const identities = await enrolFleet(hub.data, hub.broker, boxes);
  let running = await hub.start();
  const fleet = await startFleet(identities);
  try {
    const from = Date.now();
    await fleet.order({ kind: 'start', overMs: 20 * boxes });
    await fleet.until(({ up }) => up === boxes, 'all are connected', patienceMs);
    log(`${boxes} connected in ${((Math.max(...fleet.seen.ups) - from) / 1000).toFixed(1)} s`);
    await fleet.order({ kind: 'say', events: 5, batches: 1, overMs: 2000 });
    await fleet.until(({ answered }) => answered === 5 * boxes, 'the first events are stored', patienceMs);

    await fleet.order({ kind: 'say', events: 1, batches: 5, overMs: 2000 });
    await sleep(1000);
    await running.stop('SIGKILL'); // some are on their way, some stored and not answered
    await fleet.until(({ up }) => up === 0, 'all have lost it');
    log('the hub is killed');
    await fleet.order({ kind: 'say', events: 5, batches: 1, overMs: 0 });
    fleet.seen.ups.length = 0;
    const again = Date.now();
    running = await hub.start();
    await fleet.until(({ up }) => up === boxes, 'all are back', patienceMs);
    const delay = await longestDelayS(hub.api);
    await fleet.until(({ answered }) => answered === eventsPerBox * boxes, 'all is stored', patienceMs);
    const { ups, refusals } = fleet.seen;
    const stored = await storedOf(hub.api, await hub.cookie());
    const wanted = identities.flatMap(({ box }) =>
      Array.from({ length: eventsPerBox }, (_, n) => `${box}:${n + 1}`),
    );
    return {
      boxes,
      lost: wanted.filter((key) => !stored.has(key)).length,
      doubled:
        [...stored.values()].filter((times) => times > 1).length + Math.max(0, stored.size - wanted.length),
      refused: [...new Set(refusals)],
      ups: ups.length,
      backS: (Math.max(...ups) - Math.max(again, Math.min(...ups))) / 1000,
      mostInASecond: mostInASecond(ups),
      longestDelayS: delay,
    };
  } finally {
    await fleet.stop();
    await running.stop('SIGKILL');
  }
}
