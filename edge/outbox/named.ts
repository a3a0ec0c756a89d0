import type { Store } from './schema.ts';

/** So many of the newest named events can be corrected. */
const kept = 100_000;

/** Which sequence a named event of a flow got, so that a later one can say which it supersedes. */
export class NamedEvents {
  readonly #statements;

  constructor(store: Store) {
    this.#statements = {
      add: store.prepare('INSERT OR REPLACE INTO named(flow, name, sequence) VALUES(?, ?, ?)'),
      find: store.prepare('SELECT sequence FROM named WHERE flow = ? AND name = ?').pluck(),
      forget: store.prepare('DELETE FROM named WHERE sequence < ?'),
    };
  }

  /** Inside a transaction. */
  add(flow: string, name: string, sequence: number): void {
    this.#statements.add.run(flow, name, sequence);
    if (sequence % 1000 === 0) this.#statements.forget.run(sequence - kept);
  }

  find(flow: string, name: string): number | undefined {
    const found: unknown = this.#statements.find.get(flow, name);
    return found === undefined ? undefined : Number(found);
  }
}
