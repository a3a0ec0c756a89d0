import type { FlowHost } from '../runtime.ts';
import type { Clock } from '../stage.ts';
import type { DirtyList } from './store.ts';
import { TimerHeap } from './timers.ts';

/**
 * What the nodes of one flow share. Calls into the flow are bracketed by `enter` and `leave`; what the
 * host is told (the next timer, credit) is told when the outermost one ends.
 */
export class Scope {
  readonly host: FlowHost;
  readonly flow: { readonly id: string; readonly hash: string };
  readonly dirty: DirtyList = [];
  readonly timers = new TimerHeap();
  /** Messages in queues and under way in asynchronous stages. */
  pending = 0;
  /** Sources whose credit may have changed, and what it is now. */
  readonly credit = new Map<string, boolean>();
  /** Sources that the host was told to stop. */
  readonly #closed = new Set<string>();
  readonly clock: Clock;
  #floorMs = Number.NEGATIVE_INFINITY;
  #depth = 0;
  #wakeAtMs: number | undefined;
  #idle: (() => void)[] = [];

  constructor(host: FlowHost, flow: { readonly id: string; readonly hash: string }) {
    this.host = host;
    this.flow = flow;
    this.clock = { now: () => Math.max(host.clock.now(), this.#floorMs) };
  }

  /** Stages never see a time before that of a timer that fired. */
  raiseClock(toMs: number): void {
    if (toMs > this.#floorMs) this.#floorMs = toMs;
  }

  /** The host is told of the next timer again. */
  forgetWake(): void {
    this.#wakeAtMs = undefined;
  }

  enter(): void {
    this.#depth++;
  }

  leave(): void {
    if (--this.#depth > 0) return;
    const nextMs = this.timers.first?.atMs;
    if (nextMs !== this.#wakeAtMs) {
      this.#wakeAtMs = nextMs;
      this.host.wake(nextMs);
    }
    if (this.credit.size > 0) this.#tellCredit();
    if (this.pending === 0 && this.#idle.length > 0) {
      const waiting = this.#idle;
      this.#idle = [];
      for (const resolve of waiting) resolve();
    }
  }

  /** Something that does not happen within a call of the host. */
  outside(step: () => void): void {
    this.enter();
    try {
      step();
    } finally {
      this.leave();
    }
    this.host.changed();
  }

  drained(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #tellCredit(): void {
    const moved = [...this.credit].filter(([node, open]) => open === this.#closed.has(node));
    this.credit.clear();
    for (const [node, open] of moved) {
      if (open) this.#closed.delete(node);
      else this.#closed.add(node);
      this.host.credit(node, open);
    }
  }
}
