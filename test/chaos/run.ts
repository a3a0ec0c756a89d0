import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../bench/path/random.ts';
import { until } from '../bench/path/wait.ts';
import { Scope } from '../bench/scope.ts';
import type { FaultWorld } from './faults/fault.ts';
import { idOf, inputTypes, type Judgement, judge, type Stored } from './judge.ts';
import { type Input, Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { plan, type Step } from './plan.ts';
import { openStand, type Stand } from './stand.ts';
import { openWitness } from './witness.ts';

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly folder: string;
  readonly shim: string | undefined;
  readonly perSecond: number;
  /** No fault begins after so long, ms; absent: all of the plan is carried out. */
  readonly limitMs?: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosResult extends Judgement {
  readonly kills: number;
  readonly seconds: number;
  readonly inputs: number;
  readonly acknowledged: number;
  readonly excused: number;
  /** From the end of the last fault until everything was at the hub, seconds. */
  readonly restSeconds: number;
  /** Of each fault, how often it was. */
  readonly faults: Readonly<Record<string, number>>;
}

/** How long everything may take to come to rest after the last fault, ms. */
const restMs = 300_000;
/** How long a step waits for something to go well before it, ms. */
const progressMs = 15_000;

/** Lets everything go wrong that the plan has, and then holds the hub to what the devices were promised. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, seed, folder, shim, log, signal } = options;
  const began = performance.now();
  await using scope = new Scope();
  const random = seededRandom(seed);
  const steps = plan(kills, seededRandom(seed + 1), shim !== undefined);
  const stand = await openStand({ folder, random: seededRandom(seed + 2), shim, scope });
  const ledger = new Ledger();
  const witness = await openWitness(stand.ports.kept, 'kept/#', (id, again) => ledger.taken(id, again));
  scope.defer(() => witness.close());
  const load = new Load(stand, ledger, seededRandom(seed + 3), options.perSecond);
  scope.defer(() => load.close());
  log(`${steps.length} faults, seed ${seed}, in ${folder}`);
  const between = (least: number, most: number) => least + random() * (most - least);
  const end = began + (options.limitMs ?? Number.POSITIVE_INFINITY);
  const { faults, killed } = await runSteps(steps, { stand, ledger, random, between }, log, signal, end);
  load.pause();
  const alive = load.giveEach();
  const rest = performance.now();
  log(`the last fault is over; ${load.waiting} inputs wait for their acknowledgement`);
  await until('every device to be answered', restMs, () => (load.waiting === 0 ? true : undefined));
  // What does not come in the end, the judge finds: here it only has the time that it needs.
  await until('the last inputs to arrive', restMs, () => haveArrived(stand, alive)).catch(() => undefined);
  await until('the outbox to be empty', restMs, () => boxIsEmpty(stand));
  const restSeconds = (performance.now() - rest) / 1000;
  const stored: Stored[] = [];
  for await (const one of stand.api.events()) stored.push(one);
  const judgement = judge(ledger, stand.boxId, stored);
  const there = new Set(stored.map(({ event }) => idOf(event)));
  const dead = alive
    .filter(({ id }) => !there.has(id))
    .map(({ id }) => `alive: ${id}, given last, is not there`);
  for (const { name, falls } of [stand.box, stand.hub])
    for (const [why, times] of falls) log(`${name} ended by itself ${times} times: ${why}`);
  return {
    ...judgement,
    wrong: [...judgement.wrong, ...dead, ...stand.api.refused],
    kills: killed,
    seconds: (performance.now() - began) / 1000,
    inputs: ledger.inputs.size,
    acknowledged: ledger.acknowledged,
    excused: [...ledger.inputs.values()].filter(({ excused }) => excused !== undefined).length,
    restSeconds,
    faults,
  };
}

async function runSteps(
  steps: readonly Step[],
  world: FaultWorld,
  log: (line: string) => void,
  signal: AbortSignal,
  end: number,
): Promise<{ faults: Record<string, number>; killed: number }> {
  const faults: Record<string, number> = {};
  /** What does not kill goes on beside the rest; each kind once at a time. */
  const under = new Map<string, Promise<void>>();
  let killed = 0;
  for (const { waitMs, progress, fault } of steps) {
    signal.throwIfAborted();
    if (performance.now() > end) break;
    if (progress) await progressed(world.ledger);
    await sleep(waitMs);
    faults[fault.name] = (faults[fault.name] ?? 0) + 1;
    if (fault.kills === 0) {
      const before = under.get(fault.name) ?? Promise.resolve();
      under.set(
        fault.name,
        before.then(() => fault.run(world)),
      );
      continue;
    }
    await fault.run(world);
    killed += fault.kills;
    log(`${fault.name}: ${killed} kills, ${world.ledger.acknowledged} inputs acknowledged`);
  }
  await Promise.all(under.values());
  return { faults, killed };
}

/** Something was acknowledged, or enough was waited for it. */
async function progressed(ledger: Ledger): Promise<void> {
  const before = ledger.acknowledged;
  const end = performance.now() + progressMs;
  while (ledger.acknowledged < before + 10 && performance.now() < end) await sleep(50);
}

/** Whether the hub has the last that each device was given; other events of the device may have come after it. */
async function haveArrived({ api }: Stand, last: readonly Input[]): Promise<true | undefined> {
  for (const { device, id } of last) {
    // what the box says of a device bears the time of now, and would stand before all that the device said
    const asked = `/events?subject=${device}&type=${inputTypes.join(',')}&limit=50`;
    const page = await api.ask<{ events: readonly Stored[] }>(asked);
    if (!page?.events.some(({ event }) => idOf(event) === id)) return undefined;
  }
  return true;
}

async function boxIsEmpty({ boxHttp }: Stand): Promise<true | undefined> {
  try {
    const answer = await fetch(`${boxHttp}/status`, { signal: AbortSignal.timeout(2000) });
    const { outbox } = (await answer.json()) as { outbox: { pending: Record<string, number> } };
    return Object.values(outbox.pending).every((count) => count === 0) ? true : undefined;
  } catch {
    return undefined; // it is starting
  }
}
