import type { BoxClock } from '../runner/clock.ts';
import { type Machine, machine as thisMachine } from './machine.ts';

/** What there is to tell of the clock. */
export interface ClockNews {
  /** Whether it is known to be off, or cannot be right. */
  readonly off: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** Since when it is off; for the process after this one. */
  readonly since?: Since;
}

/** A moment, told by the box's clock and by what no clock can change. */
export interface Since {
  readonly now: number;
  readonly boot: string;
  readonly upMs: number;
}

/**
 * Whether the clock is off, and afterwards by how much it was: what is dated from one event to the other is wrong by `movedMs`,
 * which nobody could know at the time. The process may have ended in between; after a start of the machine nobody knows.
 */
export class ClockDoubt {
  readonly #clock: BoxClock;
  readonly #machine: Machine;
  #since: Since | undefined;
  /** Whether `#since` is of this process. */
  #own = false;

  /** `left`: since when it was off when the process before this one ended. */
  constructor(clock: BoxClock, left?: unknown, machine: Machine = thisMachine) {
    this.#clock = clock;
    this.#machine = machine;
    this.#since = isSince(left) ? left : undefined;
  }

  look(): ClockNews {
    const clock = this.#clock;
    const offsetMs = clock.offsetMs();
    const off = clock.doubted || offsetMs !== undefined;
    const { boot } = this.#machine;
    const here = { now: clock.now(), boot, upMs: this.#machine.upMs() };
    const wall = new Date(clock.wall()).toISOString();
    if (off) {
      if (!this.#own) this.#since = here;
      this.#own = true;
      return {
        off,
        data: { wall, ...(offsetMs === undefined ? {} : { offsetMs }) },
        since: this.#since ?? here,
      };
    }
    const since = this.#since ?? here;
    this.#since = undefined;
    this.#own = false;
    if (since.boot !== boot) return { off, data: { wall } };
    const movedMs = Math.round(here.now - since.now - (here.upMs - since.upMs));
    return { off, data: { wall, movedMs } };
  }
}

const isSince = (value: unknown): value is Since =>
  typeof value === 'object' && value !== null && 'now' in value && 'boot' in value && 'upMs' in value;
