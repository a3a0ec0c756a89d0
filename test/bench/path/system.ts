import type { Child } from './child.ts';
import type { Schedule } from './schedule.ts';

/** A transition or echo that came out: of which fix, and when it was seen. */
export interface Sighting {
  readonly index: number;
  /** `transitionKey` of a transition; of an echo, its index. */
  readonly key: string;
  readonly atMs: number;
}

/** One of the systems that are held side by side, running. */
export interface System {
  readonly name: 'box' | 'bare' | 'node-red';
  /** Where its fixes are published, `<prefix>/<device>`. */
  readonly prefix: string;
  /** What it has been sent, and is about to be. */
  readonly schedule: Schedule;
  /** Its process: what its CPU time and memory are read from. */
  readonly child: Child;
  /** Everything that was seen to come out of it, in order of arrival. */
  readonly seen: readonly Sighting[];
  /** Whether it makes transitions; else only echoes, when asked. */
  readonly fences: boolean;
  /** Messages that it has handled since its start, where it can tell. */
  handled(): Promise<number | undefined>;
  /** Turns what is needed to see delays on or off, where that costs it something. */
  showDelays(on: boolean): Promise<void>;
}
