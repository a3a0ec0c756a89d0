import type { DeviceTimers, DriverEnvironment, LocalBroker } from '#drivers/driver';
import type { SessionTiming } from '#drivers/timing';
import { PlainScans } from '#drivers/transport/plain-scans';
import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { PictureStore } from '#flows/picture';
import type { ScanStore } from '#flows/scan';
import type { DeviceHealth } from '#flows/wire';

export interface DeviceWorldOptions {
  readonly clock?: DriverEnvironment['clock'];
  readonly timers?: DeviceTimers;
  readonly timing?: Partial<SessionTiming>;
  readonly broker?: LocalBroker;
  readonly heardUntil?: string;
  /** Absent: pixels are hashed and forgotten. */
  readonly scans?: ScanStore;
  readonly pictures?: PictureStore;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether what is pushed is committed at once; else `commit` does it. */
  readonly commits?: boolean;
}

/** A box's side of a driver: keeps all that it is told. */
export class DeviceWorld {
  readonly messages: Message[] = [];
  readonly gaps: { readonly from: string; readonly to: string; readonly reason: string }[] = [];
  readonly rejected: { readonly problem: Problem; readonly bytes: Uint8Array }[] = [];
  readonly health: DeviceHealth[] = [];
  readonly environment: DriverEnvironment;
  #waiting: (() => void)[] = [];
  #open = true;
  readonly #listeners: ((open: boolean) => void)[] = [];

  constructor(options: DeviceWorldOptions = {}) {
    const commits = options.commits ?? true;
    const keep = (committed?: () => void) => {
      if (committed && commits) committed();
      else if (committed) this.#waiting.push(committed);
    };
    const world = this;
    this.environment = {
      node: 'flow/node',
      box: 'box-1',
      clock: options.clock ?? { now: () => Date.now(), monotonic: () => performance.now() },
      ...(options.timers ? { timers: options.timers } : {}),
      ...(options.timing ? { timing: options.timing } : {}),
      ...(options.broker ? { broker: options.broker } : {}),
      ...(options.heardUntil === undefined ? {} : { heardUntil: options.heardUntil }),
      scans: options.scans ?? new PlainScans(),
      ...(options.pictures ? { pictures: options.pictures } : {}),
      random: () => 0.5,
      secret: (name) => options.secrets?.[name],
      onHealth: (health) => this.health.push(health),
      sink: {
        get open() {
          return world.#open;
        },
        onCredit: (listener) => void this.#listeners.push(listener),
        push: (message, committed) => {
          this.messages.push(message);
          keep(committed);
        },
        reject: (problem, bytes, committed) => {
          this.rejected.push({ problem, bytes });
          keep(committed);
        },
        gap: (gap) => void this.gaps.push(gap),
      },
    };
  }

  /** Messages that wait for their commit. */
  get uncommitted(): number {
    return this.#waiting.length;
  }

  /** Commits the first `count` that wait, in order. */
  commit(count = this.#waiting.length): void {
    for (const committed of this.#waiting.splice(0, count)) committed();
  }

  credit(open: boolean): void {
    this.#open = open;
    for (const listener of this.#listeners) listener(open);
  }

  codes(): string[] {
    return this.rejected.map(({ problem }) => problem.code);
  }
}
