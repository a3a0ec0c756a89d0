import type { FlowChanges } from '../outbox/journal-text.ts';
import type { Outbox } from '../outbox/outbox.ts';

/** A flow's name has no dot: this is none of a user's. */
const owner = 'box.heard';

/** When each source that cannot repeat itself was last heard, kept with the state: an outage of the box is a gap too. */
export class Heard {
  readonly #change: (changes: FlowChanges) => void;
  readonly #until: Map<string, string>;

  constructor(outbox: Outbox, change: (changes: FlowChanges) => void) {
    this.#change = change;
    const stored = outbox.restore(owner)?.entries ?? [];
    this.#until = new Map(stored.map(({ key, value }) => [key, String(value)]));
  }

  /** `node` is `flow/node`; written with the next group. */
  note(node: string, time: string): void {
    this.#change({
      flow: owner,
      entries: [{ node: 'sources', space: 'state', key: node, version: 1, value: time }],
    });
  }

  /** As it was when the box started. */
  until(node: string): string | undefined {
    return this.#until.get(node);
  }
}
