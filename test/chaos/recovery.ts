import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../bench/path/random.ts';
import { Scope } from '../bench/scope.ts';
import { median } from '../bench/statistics.ts';
import { Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { openStand, type Stand } from './stand.ts';

/** How long after kill -9 of one of them the next event is at the hub, seconds. */
export interface Recovery {
  readonly box: readonly number[];
  readonly hub: readonly number[];
  readonly medianBox: number;
  readonly medianHub: number;
}

const onItsWayMs = 200;

export async function recover(
  folder: string,
  times: number,
  seed: number,
  log: (line: string) => void,
): Promise<Recovery> {
  await using scope = new Scope();
  const random = seededRandom(seed);
  const stand = await openStand({ folder, random, shim: undefined, scope });
  const load = new Load(stand, new Ledger(), random, 100);
  scope.defer(() => load.close());
  const seconds: Record<'box' | 'hub', number[]> = { box: [], hub: [] };
  for (let n = 0; n < times; n++) {
    for (const which of ['box', 'hub'] as const) {
      await nextEvent(stand);
      await sleep(2000);
      const seen = await position(stand);
      const killed = performance.now();
      await stand[which].kill();
      stand[which].start();
      // What the box had sent before its end arrives within this time, and is not the work of the next.
      await sleep(onItsWayMs);
      const before = (await position(stand)) ?? seen;
      while (((await position(stand)) ?? 0) <= (before ?? 0)) await sleep(20);
      seconds[which].push((performance.now() - killed) / 1000);
      log(`${which}: ${seconds[which].at(-1)?.toFixed(2)} s`);
    }
  }
  const { box, hub } = seconds;
  return { box, hub, medianBox: median(box), medianHub: median(hub) };
}

/** Place of the newest event; undefined while the hub does not answer. */
async function position({ api }: Stand): Promise<number | undefined> {
  const page = await api.ask<{ events: readonly { position: number }[] }>(
    '/events?limit=5&type=quaywatch.reading.observed',
  );
  return page && Math.max(0, ...page.events.map((event) => event.position));
}

async function nextEvent(stand: Stand): Promise<void> {
  const before = await position(stand);
  while (((await position(stand)) ?? 0) <= (before ?? 0)) await sleep(50);
}
