import type { Clock } from '#flows/stage';

export interface ClockSources {
  /** Wall clock, epoch ms; may be set back or forward at any time. */
  readonly wall: () => number;
  /** Milliseconds that only count up. */
  readonly monotonic: () => number;
}

/** How much slower than real the box's clock runs while the wall clock is behind it. */
const slowdown = 0.5;
/** Differences that are the noise of reading two clocks, ms. */
const noiseMs = 2;

/**
 * The box's clock: epoch milliseconds that never go back. It runs by the monotonic clock; it follows
 * the wall clock forward at once, and waits for one that was set back by running at half speed, so
 * that timers still fire and nothing is dated twice. While it differs, `offsetMs` says by how much.
 */
export class BoxClock implements Clock {
  readonly #sources: ClockSources;
  #last: number;
  #lastMonotonic: number;

  constructor(sources: ClockSources = { wall: () => Date.now(), monotonic: () => performance.now() }) {
    this.#sources = sources;
    this.#last = sources.wall();
    this.#lastMonotonic = sources.monotonic();
  }

  now(): number {
    const monotonic = this.#sources.monotonic();
    const passed = Math.max(0, monotonic - this.#lastMonotonic);
    this.#lastMonotonic = monotonic;
    const wall = this.#sources.wall();
    const ahead = this.#last + passed - wall;
    if (ahead <= noiseMs) this.#last = Math.max(this.#last, wall);
    else this.#last += Math.max(passed * slowdown, passed - ahead);
    return Math.floor(this.#last);
  }

  monotonic(): number {
    return this.#sources.monotonic();
  }

  /** This clock minus the wall clock, ms; undefined while they agree. */
  offsetMs(): number | undefined {
    const offset = this.now() - this.#sources.wall();
    return Math.abs(offset) < 1000 ? undefined : Math.round(offset);
  }
}
