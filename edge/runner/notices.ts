import type { Emission, Priority } from '#flows/event';
import type { FlowIdentity } from '../outbox/event-text.ts';
import type { FlowChanges } from '../outbox/journal-text.ts';
import type { Outbox } from '../outbox/outbox.ts';

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
type Name = keyof typeof conditions;

/** A flow's name has no dot: this is none of a user's. */
const owner = 'box.notices';

export interface NoticesOptions {
  /** What was kept when the box started, and by whom. */
  readonly outbox: Pick<Outbox, 'restore'>;
  /** Event and state go to disk together. */
  readonly emit: (emission: Emission, changes: readonly FlowChanges[]) => void;
  readonly now: () => number;
}

/**
 * Conditions of the box that are raised and cleared, each change once. What is raised is kept with the event that says so:
 * a process that starts without the trouble clears what the one before it has left, and one that still has it says it anew.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #raised = new Set<string>();
  /** Raised by a former process and not looked at yet, with what it kept. */
  readonly #left: Map<string, unknown>;

  constructor(options: NoticesOptions) {
    this.#options = options;
    const stored = options.outbox.restore(owner)?.entries ?? [];
    this.#left = new Map(stored.map(({ key, value }) => [key, value]));
  }

  /** What a former process kept of a condition that it left raised. */
  left(name: Name): unknown {
    return this.#left.get(name);
  }

  isRaised(name: Name): boolean {
    return this.#raised.has(name) || this.#left.has(name);
  }

  /** Raises or clears; `data` says how much, `kept` is for `left` in the next process. */
  set(name: Name, raised: boolean, data: Record<string, unknown>, kept: unknown = true): void {
    const left = this.#left.delete(name);
    const known = this.#raised.has(name);
    if (raised ? known : !known && !left) return;
    if (raised) this.#raised.add(name);
    else this.#raised.delete(name);
    const { type, priority, stage } = conditions[name];
    const state = raised ? 'raised' : 'cleared';
    const entry = {
      node: 'raised',
      space: 'state',
      key: name,
      version: 1,
      value: raised ? kept : undefined,
    } as const;
    this.#options.emit({ type, priority, stage, time: this.#time(), data: { state, ...data } }, [
      { flow: owner, entries: [entry] },
    ]);
  }

  /** The outbox was damaged. */
  corrupt(data: Record<string, unknown>): void {
    const time = this.#time();
    this.#options.emit({ type: 'quaywatch.box.corrupt', priority: 'alarm', stage: 'outbox', time, data }, []);
  }

  #time(): string {
    return new Date(this.#options.now()).toISOString();
  }
}
