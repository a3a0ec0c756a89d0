import type { Expected } from './expected.ts';
import type { Load } from './load-process.ts';
import type { System } from './system.ts';
import { cpuMs } from './usage.ts';
import { monotonicMs, rest, until } from './wait.ts';

/** One stretch of load on one system. */
export interface Stretch {
  readonly messages: number;
  /** CPU time of the system over the stretch, until it had handled everything, microseconds a message. */
  readonly cpuUs: number;
  /** Rate at which the load was really published, messages a second. */
  readonly perSecond: number;
  /** From the last publish until everything was handled and seen, ms. */
  readonly drainMs: number;
  /** From publish to sight of what came out, ms, in order of publish. */
  readonly delaysMs: readonly number[];
}

/** What the load generator needs to get ready, ms: once, and for each message. */
const leadMs = 100;
const leadMsEach = 0.01;

/** Where systems are put under load, one at a time. */
export class Stand {
  private readonly load: Load;
  private readonly expected: Expected;

  constructor(load: Load, expected: Expected) {
    this.load = load;
    this.expected = expected;
  }

  expectedOf = (system: System) => this.expected.upto(system.schedule.total);

  /** Publishes `count` fixes at `perSecond`, and waits until the system is done with them. */
  async stretch(
    system: System,
    count: number,
    perSecond: number,
    drainTimeoutMs = 120_000,
  ): Promise<Stretch> {
    const first = system.schedule.total;
    this.expected.upto(first + count); // before the load, so that it takes no time from anybody
    const seenBefore = system.seen.length;
    const before = cpuMs(system.child.pid);
    const startMs = Date.now() + leadMs + Math.round(count * leadMsEach);
    const span = system.schedule.plan(count, perSecond, startMs);
    const report = await this.load.publish({ prefix: system.prefix, span });
    const end = report.sentMs.at(-1) ?? 0;
    await Promise.race([system.child.died, this.settled(system, drainTimeoutMs)]);
    const after = cpuMs(system.child.pid);
    const fresh = system.seen.slice(seenBefore);
    const begin = report.sentMs[0] ?? 0;
    return {
      messages: count,
      cpuUs: ((after - before) * 1000) / count,
      perSecond: ((count - 1) * 1000) / Math.max(1, end - begin),
      drainMs: Math.max(0, ...fresh.map((each) => each.atMs - end)),
      delaysMs: fresh
        .filter((each) => each.index >= first)
        .sort((a, b) => a.index - b.index)
        .map((each) => each.atMs - (report.sentMs[each.index - first] ?? 0)),
    };
  }

  /** Done: everything handled, as far as the system can tell, everything seen, and its CPU at rest. */
  private async settled(system: System, timeoutMs: number): Promise<void> {
    const { total } = system.schedule;
    const expected = system.fences ? this.expectedOf(system).length : 0;
    let last = { cpu: cpuMs(system.child.pid), at: monotonicMs() };
    await until(
      `${system.name} to be done with ${total} messages`,
      timeoutMs,
      async () => {
        await rest(250);
        const now = { cpu: cpuMs(system.child.pid), at: monotonicMs() };
        const busy = (now.cpu - last.cpu) / (now.at - last.at);
        last = now;
        const handled = await system.handled();
        const done = (handled === undefined || handled >= total) && system.seen.length >= expected;
        return done && busy < 0.1 ? true : undefined;
      },
      0,
    ).catch((error: Error) => {
      throw new Error(`${error.message} Seen: ${system.seen.length} of ${expected} transitions.`);
    });
  }
}
