import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '#flows/event';
import { seededRandom } from '../bench/path/random.ts';
import { until } from '../bench/path/wait.ts';
import { Scope } from '../bench/scope.ts';
import { median } from '../bench/statistics.ts';
import { Device } from './devices/device.ts';
import { publisher, readingOf } from './devices/publisher.ts';
import { idOf, type Judgement, judge, type Stored } from './judge.ts';
import { type Input, Ledger, type Wanted } from './ledger.ts';
import { openStand, type Stand } from './stand.ts';

export interface OutageOptions {
  readonly folder: string;
  readonly minutes: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface Outage extends Judgement {
  readonly minutes: number;
  readonly backlog: number;
  /** Memory of the box while the link was dead, MB: medians of the second fifth and of the last, and the most after the first. */
  readonly warmMb: number;
  readonly lastMb: number;
  readonly mostMb: number;
  /** From the end of the outage until the box had dialled, and from there until the backlog was at the hub. */
  readonly dialSeconds: number;
  readonly drainSeconds: number;
  /** From a device to the hub, of alarms and verdicts that were given while the backlog of telemetry drained, ms. */
  readonly liveP50Ms: number;
  readonly liveP99Ms: number;
  readonly live: number;
}

const tickMs = 20;
const speakers = 5;
const liveEveryMs = 100;
/** Of the newest events of a priority, how many are looked at: what was given in the last five seconds. */
const looked = 50;

/**
 * The link is dead for minutes while telemetry comes; then it drains, and alarms and verdicts must not wait behind it. New
 * telemetry must: it keeps its order.
 */
export async function outage(options: OutageOptions): Promise<Outage> {
  const { folder, minutes, perSecond, seed, log } = options;
  await using scope = new Scope();
  const random = seededRandom(seed);
  const stand = await openStand({ folder, random, shim: undefined, scope });
  const ledger = new Ledger();
  const device = (name: string, topic: string) => {
    const one = new Device({
      port: stand.links.devices.port,
      dialect: publisher(name, () => topic),
      random,
      acknowledged: (input) => ledger.acknowledge(input),
    });
    scope.defer(() => one.close());
    const give = (priority: Wanted): Input => {
      const input = ledger.next(name, 'local', priority, readingOf(name));
      one.give(input);
      return input;
    };
    return { one, give };
  };
  const telemetry = Array.from({ length: speakers }, (_, n) => device(`t-${n}`, `chaos/telemetry/${n}`));
  const live = (['alarm', 'verdict'] as const).map((priority) => {
    const { one, give } = device(priority, `chaos/${priority}/x`);
    return { one, give: () => give(priority) };
  });
  await until('the first event', 120_000, async () => {
    for (const { one, give } of live) if (one.waiting === 0) give();
    return (await newest(stand)).length > 0 ? true : undefined;
  });
  stand.links.uplink.set({ kind: 'cut' });
  let due = 0;
  let turn = 0;
  const ticker = setInterval(() => {
    for (due += (perSecond * tickMs) / 1000; due >= 1; due -= 1) {
      const to = telemetry[turn++ % speakers];
      if (to && to.one.waiting < 500) to.give('telemetry');
    }
  }, tickMs);
  scope.defer(() => clearInterval(ticker));
  const memory: number[] = [];
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    await sleep(1000);
    memory.push(rssMb(stand));
    if (memory.length % 30 === 0)
      log(`dead for ${memory.length} s, box ${memory.at(-1)} MB, ${ledger.acknowledged} inputs`);
  }
  const backlog = await pending(stand);
  stand.links.uplink.set({ kind: 'fair' });
  const fair = performance.now();
  // It dials again when its wait is over: until then there is still no link, and nothing drains.
  await until('the box to dial', 120_000, async () => ((await isUp(stand)) ? true : undefined));
  const back = performance.now();
  const dialSeconds = (back - fair) / 1000;
  log(`the link is back after ${dialSeconds.toFixed(1)} s of waiting for it, ${backlog} events waited`);
  const given = new Map<string, number>();
  const seen = new Map<string, number>();
  let next = 0;
  let left = backlog;
  let lookedAt = 0;
  const see = async () => {
    for (const event of await newest(stand))
      if (!seen.has(idOf(event))) seen.set(idOf(event), performance.now());
  };
  for (let n = 0; left > perSecond; ) {
    const now = performance.now();
    if (now >= next) {
      const input = live[n++ % live.length]?.give();
      if (input) given.set(input.id, now);
      next = now + liveEveryMs;
    }
    await see();
    if (now - lookedAt > 1000) {
      lookedAt = now;
      left = await pending(stand);
    }
    await sleep(20);
  }
  const drainSeconds = (performance.now() - back) / 1000;
  clearInterval(ticker);
  log(`drained in ${drainSeconds.toFixed(1)} s`);
  const all = [...telemetry, ...live];
  await until('every device to be answered', 120_000, () =>
    all.every(({ one }) => one.waiting === 0) ? true : undefined,
  );
  await until('the outbox to be empty', 300_000, async () =>
    (await pending(stand)) === 0 ? true : undefined,
  );
  await see();
  const stored: Stored[] = [];
  for await (const one of stand.api.events()) stored.push(one);
  const waits = [...given]
    .map(([id, at]) => (seen.get(id) ?? Number.POSITIVE_INFINITY) - at)
    .sort((a, b) => a - b);
  const quantile = (part: number) => Math.round(waits[Math.floor((waits.length - 1) * part)] ?? Number.NaN);
  const fifth = Math.floor(memory.length / 5);
  return {
    ...judge(ledger, stand.boxId, stored),
    minutes,
    backlog,
    warmMb: median(memory.slice(fifth, 2 * fifth + 1)),
    lastMb: median(memory.slice(-fifth - 1)),
    mostMb: Math.max(...memory.slice(fifth)),
    dialSeconds,
    drainSeconds,
    liveP50Ms: quantile(0.5),
    liveP99Ms: quantile(0.99),
    live: waits.length,
  };
}

async function newest({ api }: Stand): Promise<Event[]> {
  const pages = await Promise.all(
    ['alarm', 'verdict'].map((priority) =>
      api.ask<{ events: readonly { event: Event }[] }>(
        `/events?priority=${priority}&limit=${looked}`, // by the index of the priority: what is looked at is soon found
      ),
    ),
  );
  const events = pages.flatMap((page) => page?.events ?? []).map(({ event }) => event);
  return events.filter(({ type }) => type === 'quaywatch.reading.observed');
}

interface BoxStatus {
  readonly outbox: { readonly pending: Readonly<Record<string, number>> };
  readonly uplink?: { readonly state: string };
}

async function statusOf({ boxHttp }: Stand): Promise<BoxStatus> {
  return (await (await fetch(`${boxHttp}/status`)).json()) as BoxStatus;
}

const isUp = async (stand: Stand): Promise<boolean> => (await statusOf(stand)).uplink?.state === 'connected';

async function pending(stand: Stand): Promise<number> {
  const { outbox } = await statusOf(stand);
  return Object.values(outbox.pending).reduce((sum, count) => sum + count, 0);
}

function rssMb({ box }: Stand): number {
  const pages = Number(readFileSync(`/proc/${box.pid}/statm`, 'utf8').split(' ')[1]);
  return Math.round((pages * 4096) / 1e5) / 10;
}
