import type { DeviceTimers } from '../driver.ts';
import { faults } from '../faults.ts';
import type { Answer, Done, Master } from './master.ts';
import type { Request } from './pdu.ts';
import type { Block, Profile } from './profile.ts';
import { isBits } from './profile.ts';

/** A block as the device is asked for it. */
export const requestOf = (unit: number, { functionCode, address, count }: Block): Request => ({
  unit,
  functionCode,
  address,
  count,
});

/** A read at the place of the first block whose answer is as long as no other's. */
export function probeOf(unit: number, profile: Profile): Request {
  const first = profile.blocks[0] as Block;
  const { functionCode, address } = first;
  const size = isBits(first) ? 8 : 1;
  const taken = profile.blocks
    .filter((block) => block.functionCode === functionCode)
    .map(({ count }) => Math.ceil(count / size));
  let length = 1;
  while (taken.includes(length)) length++;
  return { unit, functionCode, address, count: length * size };
}

export interface PollerOptions {
  readonly master: Master;
  readonly profile: Profile;
  readonly unit: number;
  readonly pollMs: number;
  readonly timers: DeviceTimers;
  now(): number;
  taken(block: number, answer: Answer): void;
  /** The device does not answer any more. */
  hopeless(): void;
}

/** Reads the blocks of a profile one after the other, again and again. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #requests: readonly Request[];
  #cancel: () => void = () => undefined;
  #dueMs: number;
  #stopped = false;
  #paused = false;
  #idle = false;
  readonly #writes: { readonly request: Request; readonly done: Done }[] = [];

  constructor(options: PollerOptions) {
    this.#options = options;
    const { unit, profile } = options;
    const blocks = profile.blocks.map((block) => requestOf(unit, block));
    // An answer that came twice would be the next answer to the same question: another question stands between.
    this.#requests = blocks.length === 1 ? [...blocks, probeOf(unit, profile)] : blocks;
    this.#dueMs = options.now();
  }

  start(): void {
    this.#round();
  }

  /** No more is asked while the flow has no room. */
  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** Asks for a write between two reads, and reads at once behind it. `done` is called once. */
  write(request: Request, done: Done): void {
    this.#writes.push({ request, done });
    if (!this.#idle || this.#stopped) return;
    this.#cancel();
    this.#dueMs = this.#options.now();
    this.#ask(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#options.master.stop();
    const problem = faults.problem('link.closed');
    for (const { done } of this.#writes.splice(0)) done({ problem });
  }

  #round(): void {
    if (this.#paused) this.#later();
    else this.#ask(0);
  }

  #ask(index: number): void {
    this.#idle = false;
    const { master, profile, taken, hopeless } = this.#options;
    const [write] = this.#writes;
    if (write) {
      master.read(write.request, (answer) => {
        if (this.#stopped) return; // told by `stop`
        this.#writes.shift();
        write.done(answer);
        this.#ask(index);
      });
      return;
    }
    const request = this.#requests[index];
    if (!request) {
      this.#later();
      return;
    }
    master.read(request, (answer) => {
      if (this.#stopped) return;
      const lost = 'problem' in answer && answer.problem.code !== 'modbus.exception';
      // What stands between the blocks has no values, but what goes wrong with it has gone wrong with the line.
      if (lost || index < profile.blocks.length) taken(index, answer);
      if (this.#stopped) return;
      if (master.hopeless) {
        hopeless();
        return;
      }
      // What goes wrong once would go wrong for the rest of the round as well.
      if (lost) this.#later();
      else this.#ask(index + 1);
    });
  }

  /** At the next time of the beat, wherever this round ended. */
  #later(): void {
    const { timers, pollMs, now } = this.#options;
    this.#idle = true;
    const late = now() - this.#dueMs;
    this.#dueMs += pollMs * Math.max(1, Math.ceil(late / pollMs));
    this.#cancel = timers.after(Math.max(0, this.#dueMs - now()), () => this.#round());
  }
}
