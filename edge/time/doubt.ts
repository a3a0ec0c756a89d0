import type { BoxClock } from '../runner/clock.ts';

/** What there is to tell of the clock. */
export interface ClockNews {
  /** Whether it is known to be off, or cannot be right. */
  readonly off: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Whether the clock is off, and afterwards by how much it was: what is dated from one event to the other is wrong by `movedMs`,
 * which nobody could know at the time.
 */
export class ClockDoubt {
  readonly #clock: BoxClock;
  #since: { readonly now: number; readonly monotonic: number } | undefined;

  constructor(clock: BoxClock) {
    this.#clock = clock;
  }

  look(): ClockNews {
    const clock = this.#clock;
    const offsetMs = clock.offsetMs();
    const off = clock.doubted || offsetMs !== undefined;
    const here = { now: clock.now(), monotonic: clock.monotonic() };
    const wall = new Date(clock.wall()).toISOString();
    if (off) {
      this.#since ??= here;
      return { off, data: { wall, ...(offsetMs === undefined ? {} : { offsetMs }) } };
    }
    const since = this.#since ?? here;
    this.#since = undefined;
    const movedMs = Math.round(here.now - since.now - (here.monotonic - since.monotonic));
    return { off, data: { wall, movedMs } };
  }
}
