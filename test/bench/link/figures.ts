import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetIdentity } from '#test/support/fleet/box';
import { startFleet } from '#test/support/fleet/fleet';
import { quantile } from '../statistics.ts';

/** A step at a moderate rate: an event a second of each box for so long. */
const seconds = 15;
const perBatch = 20;
const batches = 10;
export const load = { seconds, perBatch, batches };

export interface Figures {
  /** Boxes that connect in a second when 200 a second dial. */
  readonly connect: number;
  /** From sending to the answer, ms. */
  readonly p50: number;
  readonly p99: number;
  /** What the process grew by, KiB a box. */
  readonly memory: number;
  /** Events answered in a second when every box sends all it has. */
  readonly rate: number;
}

const residentKiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);

/** What the process behind `broker` does with so many boxes. */
export async function figuresOf(
  pid: number,
  boxes: readonly FleetIdentity[],
  broker: string,
): Promise<Figures> {
  const count = boxes.length;
  const fleet = await startFleet(boxes.map((box) => ({ ...box, broker })));
  try {
    const before = residentKiB(pid);
    const from = Date.now();
    await fleet.order({ kind: 'start', overMs: 5 * count });
    await fleet.until(({ up }) => up === count, 'all are connected', 300_000);
    const connect = (count * 1000) / (Math.max(...fleet.seen.ups) - from);
    const memory = (residentKiB(pid) - before) / count;
    await sleep(1000);

    await fleet.order({ kind: 'say', events: 1, batches: seconds, overMs: seconds * 1000 });
    await fleet.until(({ answered }) => answered === seconds * count, 'all is answered', 300_000);
    const waits = fleet.seen.waits.splice(0);

    const start = performance.now();
    await fleet.order({ kind: 'say', events: perBatch, batches, overMs: 0 });
    const all = (seconds + perBatch * batches) * count;
    await fleet.until(({ answered }) => answered === all, 'all of the burst is answered', 300_000);
    const rate = (perBatch * batches * count * 1000) / (performance.now() - start);
    return { connect, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), memory, rate };
  } finally {
    await fleet.stop();
  }
}
