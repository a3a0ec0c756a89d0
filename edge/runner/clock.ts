import type { Clock } from '#flows/stage';
import type { TimeBounds } from '../time/known-time.ts';

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
/** So far a wall clock may be behind what was known last and still count as one that was set, ms. */
const slackMs = 60_000;

const system: ClockSources = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * The box's clock: epoch milliseconds that never go back. It runs by the monotonic clock; it follows
 * the wall clock forward at once, and waits for one that was set back by running at half speed, so
 * that timers still fire and nothing is dated twice. While it differs, `offsetMs` says by how much. A wall clock that
 * cannot be right is not followed: then the clock goes on from the last time that was known.
 */
export class BoxClock implements Clock {
  readonly #sources: ClockSources;
  readonly #bounds: TimeBounds | undefined;
  #last: number;
  #lastMonotonic: number;
  #wallOffsetMs = 0;

  constructor(sources: ClockSources = system, bounds?: TimeBounds) {
    this.#sources = sources;
    this.#bounds = bounds;
    this.#last = this.doubted ? Number(bounds?.earliest) : sources.wall();
    this.#lastMonotonic = sources.monotonic();
  }

  now(): number {
    const monotonic = this.#sources.monotonic();
    const passed = Math.max(0, monotonic - this.#lastMonotonic);
    this.#lastMonotonic = monotonic;
    const wall = this.#sources.wall();
    const ahead = this.#last + passed - wall;
    if (!this.#canBe(wall)) this.#last += passed;
    else if (ahead <= noiseMs) this.#last = Math.max(this.#last, wall);
    else this.#last += Math.max(passed * slowdown, passed - ahead);
    return Math.floor(this.#last);
  }

  #canBe(wall: number): boolean {
    const { earliest, latest } = this.#bounds ?? {};
    return wall >= (earliest ?? 0) - slackMs && wall <= (latest ?? wall);
  }

  /** Whether the wall clock says what cannot be. How far the box's own is off is not known then. */
  get doubted(): boolean {
    return !this.#canBe(this.#sources.wall());
  }

  /** Wall clock, epoch ms. */
  wall(): number {
    return this.#sources.wall();
  }

  monotonic(): number {
    return this.#sources.monotonic();
  }

  /** The wall clock minus true time, where somebody knows it, ms. */
  wallIsOff(ms: number): void {
    this.#wallOffsetMs = ms;
  }

  /** This clock minus true time as far as it is known, else minus the wall clock, ms; undefined while they agree. */
  offsetMs(): number | undefined {
    if (this.doubted) return undefined;
    const offset = this.now() - this.#sources.wall() + this.#wallOffsetMs;
    return Math.abs(offset) < 1000 ? undefined : Math.round(offset);
  }
}
