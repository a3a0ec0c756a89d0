import type { Store } from './schema.ts';

/** Totals that outlive the process, by name. */
export class Counters {
  readonly #add;
  readonly #values: Map<string, number>;

  constructor(store: Store) {
    this.#add = store.prepare(
      'INSERT INTO counter(name, value) VALUES(?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value',
    );
    const rows = store.prepare('SELECT name, value FROM counter').all() as { name: string; value: number }[];
    this.#values = new Map(rows.map(({ name, value }) => [name, value]));
  }

  get values(): ReadonlyMap<string, number> {
    return this.#values;
  }

  /** Inside a transaction. Returns what to call once it is committed. */
  write(increments: ReadonlyMap<string, number>): () => void {
    for (const [name, value] of increments) this.#add.run(name, value);
    return () => {
      for (const [name, value] of increments) this.#values.set(name, (this.#values.get(name) ?? 0) + value);
    };
  }
}
