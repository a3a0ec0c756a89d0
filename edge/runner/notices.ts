import type { Emission, Priority } from '#flows/event';
import type { FlowIdentity } from '../outbox/event-text.ts';

/** What events of the box itself come from: no flow of a user can have this hash. */
export const boxFlow: FlowIdentity = { id: 'box', hash: '0'.repeat(64) };

interface Condition {
  readonly type: string;
  readonly priority: Priority;
  readonly stage: string;
}

const conditions = {
  clock: { type: 'quaywatch.box.clock', priority: 'verdict', stage: 'clock' },
  dropping: { type: 'quaywatch.box.dropping', priority: 'alarm', stage: 'outbox' },
  full: { type: 'quaywatch.box.full', priority: 'alarm', stage: 'outbox' },
  lag: { type: 'quaywatch.box.lag', priority: 'verdict', stage: 'runner' },
} as const satisfies Record<string, Condition>;

/** Conditions of the box that are raised and cleared, each change once. */
export class Notices {
  readonly #emit: (emission: Emission) => void;
  readonly #now: () => number;
  readonly #raised = new Set<keyof typeof conditions>();

  constructor(emit: (emission: Emission) => void, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  /** Raises or clears; `data` says how much. */
  set(name: keyof typeof conditions, raised: boolean, data: Record<string, unknown>): void {
    if (raised === this.#raised.has(name)) return;
    if (raised) this.#raised.add(name);
    else this.#raised.delete(name);
    const { type, priority, stage } = conditions[name];
    const state = raised ? 'raised' : 'cleared';
    this.#emit({ type, priority, stage, time: this.#time(), data: { state, ...data } });
  }

  /** The outbox was damaged. */
  corrupt(data: Record<string, unknown>): void {
    const time = this.#time();
    this.#emit({ type: 'quaywatch.box.corrupt', priority: 'alarm', stage: 'outbox', time, data });
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
