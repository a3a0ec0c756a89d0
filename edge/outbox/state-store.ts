import type { StateChange } from '#flows/runtime';
import { type Dirty, DirtyKeys } from './dirty-keys.ts';
import { type FlowChanges, journalText, parseJournal } from './journal-text.ts';
import type { Store } from './schema.ts';

/** When and how fast the journal is folded into the keyed table. */
export interface Folding {
  /** Bytes of journal from which on it is folded. */
  readonly journalBytes: number;
  /** Keys written with one group at most, so that no group waits long for it; more where more change than that. */
  readonly keysPerGroup: number;
}

/**
 * Keyed state of all flows. Hot keys change with every group, so a group writes one journal row with
 * all of its changes, and only when the journal has grown past `journalBytes` are the keys that changed
 * written to the keyed table, a few with every group, each once however often it changed. Measured
 * with 200 of 1,000 keys a group: 1.0 ms of CPU, against 2.4 ms for an upsert a key.
 *
 * Restoring reads the table, then the journal in order. A table entry may be newer than a journal
 * row, never newer than the last row of its key, so the end is right at every point of folding.
 */
export class StateStore {
  readonly #store: Store;
  readonly #foldingOptions: Folding;
  readonly #statements;
  /** Changed since the last freeze. */
  readonly #dirty = new DirtyKeys();
  #folding: Dirty[] = [];
  #folded = 0;
  #foldingUpto = 0;
  #lastRow = 0;
  #journalBytes = 0;
  #unreadable = 0;

  constructor(store: Store, folding: Folding) {
    this.#store = store;
    this.#foldingOptions = folding;
    this.#statements = {
      append: store.prepare('INSERT INTO journal(id, body) VALUES(?, ?)'),
      trim: store.prepare('DELETE FROM journal WHERE id <= ?'),
      upsert: store.prepare(
        `INSERT INTO state(flow, node, space, key, version, value) VALUES(?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value`,
      ),
      remove: store.prepare('DELETE FROM state WHERE flow = ? AND node = ? AND space = ? AND key = ?'),
      clear: store.prepare('DELETE FROM state WHERE flow = ?'),
      document: store.prepare(
        'INSERT INTO flow(id, document) VALUES(?, ?) ON CONFLICT DO UPDATE SET document = excluded.document',
      ),
      forget: store.prepare('DELETE FROM flow WHERE id = ?'),
    };
    this.#replay();
  }

  /** The keys of the journal that is there are the first to be folded. */
  #replay(): void {
    const rows = this.#store.prepare('SELECT id, body FROM journal ORDER BY id');
    for (const { id, body } of rows.iterate() as Iterable<{ id: number; body: string }>) {
      this.#lastRow = id;
      this.#journalBytes += body.length;
      this.#remember(this.#parse(body));
    }
  }

  #parse(body: string): FlowChanges[] {
    try {
      return parseJournal(body);
    } catch {
      this.#unreadable += 1; // a wrong byte costs what the row said, and not the rest
      return [];
    }
  }

  /** Rows that could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Inside the group's transaction. Returns what to call once it is committed. */
  write(changes: readonly FlowChanges[]): () => void {
    for (const { flow, reset } of changes) {
      if (!reset) continue;
      this.#statements.clear.run(flow);
      this.#statements.document.run(flow, JSON.stringify(reset.document));
    }
    const text = journalText(changes);
    if (text !== undefined) this.#statements.append.run(this.#lastRow + 1, text);
    // Not with a reset: what is being folded may be what the reset has just removed.
    const changed = changes.reduce((sum, { entries }) => sum + entries.length, 0);
    const folded = changes.some(({ reset }) => reset) ? this.#folded : this.#fold(changed);
    return () => {
      if (text !== undefined) this.#lastRow += 1;
      this.#journalBytes += text?.length ?? 0;
      this.#folded = folded;
      if (folded === this.#folding.length) {
        this.#folding = [];
        this.#folded = 0;
      }
      this.#remember(changes);
      if (this.#journalBytes > this.#foldingOptions.journalBytes && this.#folding.length === 0)
        this.#freeze();
    };
  }

  /** Forgets a flow that was removed; in its own transaction. */
  remove(flow: string): void {
    this.#store.transaction(() => {
      this.#statements.clear.run(flow);
      this.#statements.forget.run(flow);
      this.#statements.append.run(
        this.#lastRow + 1,
        journalText([{ flow, entries: [], reset: { document: undefined } }]),
      );
    })();
    this.#lastRow += 1;
    this.#purge(flow);
  }

  #remember(changes: readonly FlowChanges[]): void {
    for (const { flow, entries, reset } of changes) {
      if (reset) this.#purge(flow);
      for (const change of entries) this.#dirty.set(flow, change);
    }
  }

  #purge(flow: string): void {
    this.#dirty.purge(flow);
    // A frozen entry of a flow that began anew would bring back what the reset removed.
    this.#folding = this.#folding.slice(this.#folded).filter((dirty) => dirty.flow !== flow);
    this.#folded = 0;
  }

  #freeze(): void {
    this.#folding = this.#dirty.take();
    this.#folded = 0;
    this.#foldingUpto = this.#lastRow;
    this.#journalBytes = 0;
  }

  /** Twice as fast as keys change, once the journal has grown by half meanwhile: else it would grow for ever. */
  #fold(changed: number): number {
    const { journalBytes, keysPerGroup } = this.#foldingOptions;
    const behind = this.#journalBytes > journalBytes / 2;
    const keys = behind ? Math.max(keysPerGroup, 2 * changed) : keysPerGroup;
    const end = Math.min(this.#folding.length, this.#folded + keys);
    for (let i = this.#folded; i < end; i++) {
      const { flow, change } = this.#folding[i] as Dirty;
      if (change.value === undefined) {
        this.#statements.remove.run(flow, change.node, change.space, change.key);
      } else {
        const { node, space, key, version, value } = change;
        this.#statements.upsert.run(flow, node, space, key, version, JSON.stringify(value));
      }
    }
    if (end > 0 && end === this.#folding.length) this.#statements.trim.run(this.#foldingUpto);
    return end;
  }

  /** The document that the state of a flow belongs to, and the state. Undefined: never ran here. */
  restore(flow: string): { readonly document: unknown; readonly entries: StateChange[] } | undefined {
    const document = this.#store.prepare('SELECT document FROM flow WHERE id = ?').pluck().get(flow);
    const entries = new Map<string, StateChange>();
    const put = (change: StateChange) => {
      const id = `${change.node}\n${change.space}\n${change.key}`;
      if (change.value === undefined) entries.delete(id);
      else entries.set(id, change);
    };
    const keyed = this.#store.prepare('SELECT node, space, key, version, value FROM state WHERE flow = ?');
    for (const row of keyed.iterate(flow) as Iterable<StateChange & { value: string }>) {
      try {
        put({ ...row, value: JSON.parse(row.value) });
      } catch {
        this.#unreadable += 1;
      }
    }
    const journal = this.#store.prepare('SELECT body FROM journal ORDER BY id').pluck();
    for (const text of journal.iterate() as Iterable<string>) {
      for (const changes of this.#parse(text)) {
        if (changes.flow !== flow) continue;
        if (changes.reset) entries.clear();
        for (const change of changes.entries) put(change);
      }
    }
    if (document === undefined && entries.size === 0) return undefined;
    return {
      document: document === undefined ? undefined : (JSON.parse(String(document)) as unknown),
      entries: [...entries.values()],
    };
  }

  flows(): string[] {
    return this.#store.prepare('SELECT id FROM flow ORDER BY id').pluck().all() as string[];
  }
}
