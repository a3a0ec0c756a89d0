import type { DeviceTimers } from '#drivers/driver';

interface Pending {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Clock and timers of a session that move only when a test says so. */
export class VirtualTime implements DeviceTimers {
  readonly #startMs: number;
  #nowMs = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(start = '2026-01-01T00:00:00.000Z') {
    this.#startMs = Date.parse(start);
  }

  readonly clock = { now: () => this.#startMs + this.#nowMs, monotonic: () => this.#nowMs };

  get nowMs(): number {
    return this.#nowMs;
  }

  get pending(): number {
    return this.#pending.size;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, run };
    this.#pending.add(entry);
    return () => void this.#pending.delete(entry);
  }

  /** Fires what falls due, in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    for (;;) {
      await settle();
      const [next] = [...this.#pending].sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      if (!next || next.atMs > end) break;
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = end;
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
