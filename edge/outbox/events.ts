import { type Priority, priorities } from '#flows/event';
import type { Tombstone } from '#flows/wire';
import { checksumOf, eventTables, type Store } from './schema.ts';

/** What is ready to send, in order: texts are events in canonical form. */
export interface Portion {
  readonly events: readonly string[];
  readonly tombstones: readonly Tombstone[];
  /** Last sequence of the priority that the portion covers. */
  readonly upto: number;
  readonly bytes: number;
  /** A row behind it that is not what was written. */
  readonly damaged?: { readonly sequence: number; readonly previous: number };
}

interface Row {
  readonly sequence: number;
  readonly previous: number;
  readonly checksum: number;
  readonly body: string;
}

/** Rows that one statement inserts: a third less work a row than one at a time. */
const rowsAtOnce = 16;
const columns = 5;
const row = '(?, ?, ?, ?, ?)';

/** The event rows and tombstones of one priority. */
export class EventQueue {
  readonly priority: Priority;
  readonly #statements;
  /** What `insert` was told and is not in the table yet. */
  #values: unknown[] = [];
  #rows = 0;
  #pending: number;
  #acknowledged: number;
  /** Up to where acknowledged rows are removed. */
  #settled: number;
  /** Last sequence that was handed out for sending; what is on its way is not dropped. */
  #handedOut = 0;

  constructor(store: Store, priority: Priority) {
    const table = eventTables[priority];
    this.priority = priority;
    this.#statements = {
      insert: store.prepare(`INSERT INTO ${table}(sequence, previous, keep, checksum, body) VALUES ${row}`),
      insertMany: store.prepare(
        `INSERT INTO ${table}(sequence, previous, keep, checksum, body)
         VALUES ${Array(rowsAtOnce).fill(row).join(', ')}`,
      ),
      after: store.prepare(
        `SELECT sequence, previous, checksum, body FROM ${table} WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      ),
      tombstones: store.prepare(
        `SELECT priority, first AS "from", last AS "to", count, previous, reason FROM tombstone
         WHERE priority = '${priority}' AND last > ? ORDER BY last`,
      ),
      remove: store.prepare(`DELETE FROM ${table} WHERE sequence <= ?`),
      removeOne: store.prepare(`DELETE FROM ${table} WHERE sequence = ?`),
      removeRange: store.prepare(`DELETE FROM ${table} WHERE keep = 0 AND sequence BETWEEN ? AND ?`),
      removeTombstones: store.prepare(`DELETE FROM tombstone WHERE priority = '${priority}' AND last <= ?`),
      acknowledge: store.prepare(
        `INSERT INTO acknowledged(priority, upto) VALUES('${priority}', ?)
         ON CONFLICT DO UPDATE SET upto = excluded.upto`,
      ),
      droppable: store.prepare(
        `SELECT sequence, previous, length(body) AS bytes FROM ${table}
         WHERE keep = 0 AND sequence > ? ORDER BY sequence`,
      ),
      addTombstone: store.prepare(
        `INSERT OR REPLACE INTO tombstone(priority, first, last, count, previous, reason)
         VALUES('${priority}', ?, ?, ?, ?, ?)`,
      ),
      lastTombstone: store.prepare(
        `SELECT priority, first AS "from", last AS "to", count, previous, reason FROM tombstone
         WHERE priority = '${priority}' AND last = ?`,
      ),
      count: store.prepare(`SELECT count(*) FROM ${table}`).pluck(),
      known: store.prepare(
        `SELECT 1 FROM ${table} WHERE sequence = @sequence UNION ALL
         SELECT 1 FROM tombstone WHERE priority = '${priority}' AND @sequence BETWEEN first AND last`,
      ),
      removeTombstone: store.prepare(`DELETE FROM tombstone WHERE priority = '${priority}' AND last = ?`),
    };
    this.#pending = this.waiting;
    this.#acknowledged = Number(
      store.prepare(`SELECT upto FROM acknowledged WHERE priority = '${priority}'`).pluck().get() ?? 0,
    );
    this.#settled = this.#acknowledged;
  }

  get pending(): number {
    return this.#pending;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Inside a transaction, and complete with `flush`. */
  insert(sequence: number, previous: number, keep: boolean, body: string): void {
    this.#values.push(sequence, previous, keep ? 1 : 0, checksumOf(sequence, previous, body), body);
    this.#rows += 1;
    if (this.#rows === rowsAtOnce) this.#write((values) => this.#statements.insertMany.run(values));
  }

  flush(): void {
    if (this.#rows === 0) return;
    this.#write((values) => {
      for (let at = 0; at < values.length; at += columns)
        this.#statements.insert.run(values.slice(at, at + columns));
    });
  }

  #write(write: (values: unknown[]) => void): void {
    const values = this.#values;
    this.#values = [];
    this.#rows = 0;
    write(values);
  }

  /** The transaction was given up. */
  discard(): void {
    this.#values = [];
    this.#rows = 0;
  }

  committed(inserted: number): void {
    this.#pending += inserted;
  }

  /** What comes after a sequence, within limits (at least one event, however large). */
  read(after: number, maxEvents: number, maxBytes: number): Portion {
    const events: string[] = [];
    let upto = after;
    let bytes = 0;
    let more = false;
    let damaged: Portion['damaged'];
    for (const row of this.#statements.after.iterate(after, maxEvents + 1) as Iterable<Row>) {
      if (events.length === maxEvents || (events.length > 0 && bytes + row.body.length > maxBytes)) {
        more = true;
        break;
      }
      if (row.checksum !== checksumOf(row.sequence, row.previous, row.body)) {
        damaged = { sequence: row.sequence, previous: upto };
        break;
      }
      events.push(row.body);
      bytes += row.body.length;
      upto = row.sequence;
    }
    const all = this.#statements.tombstones.all(after) as Tombstone[];
    const end = damaged ? damaged.sequence : upto;
    const tombstones = more || damaged ? all.filter(({ to }) => to < end) : all;
    upto = Math.max(upto, tombstones.at(-1)?.to ?? 0);
    this.#handedOut = Math.max(this.#handedOut, upto);
    if (!damaged) return { events, tombstones, upto, bytes };
    return { events, tombstones, upto, bytes, damaged: { ...damaged, previous: upto } };
  }

  /** Nothing is on its way any more: the link is gone, and all that is not acknowledged is sent again. */
  rewind(): void {
    this.#handedOut = this.#acknowledged;
  }

  /** The hub has everything up to there: rows go with the next `settle`. */
  acknowledge(upto: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, upto);
  }

  /** Whether a number was acknowledged, or is that of an event here or in the range of a tombstone. */
  knows(sequence: number): boolean {
    return sequence <= this.#acknowledged || this.#statements.known.get({ sequence }) !== undefined;
  }

  /** Events that are in the table, as the transaction has left it. */
  get waiting(): number {
    return Number(this.#statements.count.get());
  }

  /** The numbers in the table were changed: they join on to `upto`. */
  rebase(upto: number): void {
    this.#acknowledged = upto;
    this.#settled = upto;
    this.#handedOut = upto;
  }

  /** Whether rows are acknowledged and still here. */
  get unsettled(): boolean {
    return this.#acknowledged > this.#settled;
  }

  /** Inside a transaction: removes what is acknowledged. Returns what to call once committed. */
  settle(): () => void {
    const upto = this.#acknowledged;
    const { changes } = this.#statements.remove.run(upto);
    this.#statements.removeTombstones.run(upto);
    this.#statements.acknowledge.run(upto);
    return () => {
      this.#pending -= changes;
      this.#settled = upto;
    };
  }

  /** Inside a transaction: one event that can never be stored at the hub; a tombstone stands for it. */
  bury(sequence: number, previous: number, reason: Tombstone['reason']): () => void {
    const { changes } = this.#statements.removeOne.run(sequence);
    this.#statements.addTombstone.run(sequence, sequence, 1, previous, reason);
    return () => {
      this.#pending -= changes;
    };
  }

  /**
   * Inside a transaction: drops the oldest events that may be dropped, until at least `bytes` are
   * freed, leaving tombstones. Returns how many events, and what to call once committed.
   */
  drop(bytes: number): { readonly dropped: number; readonly committed: () => void } {
    const runs: { from: number; to: number; previous: number; count: number }[] = [];
    let freed = 0;
    const from = Math.max(this.#handedOut, this.#acknowledged);
    const rows = this.#statements.droppable.iterate(from) as Iterable<{
      sequence: number;
      previous: number;
      bytes: number;
    }>;
    for (const row of rows) {
      const run = runs.at(-1);
      if (run && run.to === row.previous) {
        run.to = row.sequence;
        run.count += 1;
      } else {
        runs.push({ from: row.sequence, to: row.sequence, previous: row.previous, count: 1 });
      }
      freed += row.bytes + 32;
      if (freed >= bytes) break;
    }
    let dropped = 0;
    for (const run of runs) {
      dropped += this.#statements.removeRange.run(run.from, run.to).changes;
      this.#buryRun(run, 'budget');
    }
    return {
      dropped,
      committed: () => {
        this.#pending -= dropped;
      },
    };
  }

  /** Adds a tombstone, joined to the one before it when neither is on its way. */
  #buryRun(
    run: { from: number; to: number; previous: number; count: number },
    reason: Tombstone['reason'],
  ): void {
    const before = this.#statements.lastTombstone.get(run.previous) as Tombstone | undefined;
    if (before && before.reason === reason && before.from > this.#handedOut) {
      this.#statements.removeTombstone.run(before.to);
      const count = before.count + run.count;
      this.#statements.addTombstone.run(before.from, run.to, count, before.previous, reason);
    } else {
      this.#statements.addTombstone.run(run.from, run.to, run.count, run.previous, reason);
    }
  }

  /** Inside a transaction: a range that is gone for another reason than the budget. */
  addTombstone(range: Omit<Tombstone, 'priority'>): void {
    this.#statements.addTombstone.run(range.from, range.to, range.count, range.previous, range.reason);
  }

  oldest(): string | undefined {
    const row = this.#statements.after.get(0, 1) as Row | undefined;
    return row?.body;
  }
}

export const eventQueues = (store: Store): Readonly<Record<Priority, EventQueue>> => {
  const [alarm, verdict, telemetry] = priorities.map((priority) => new EventQueue(store, priority));
  return { alarm, verdict, telemetry } as Readonly<Record<Priority, EventQueue>>;
};
