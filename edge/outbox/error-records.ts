import type { FlowError } from '#flows/runtime';
import type { Store } from './schema.ts';

export interface FlowErrorRecord {
  readonly flow: string;
  readonly error: FlowError;
}

/** Originals kept of all errors, the newest. */
const ringSize = 10_000;
/** Originals kept of one kind of error in one group: a flood is counted exactly and shown in part. */
const samplesPerGroup = 20;
/** Characters of a message or detail that are kept. */
const maxText = 16_384;

export interface StoredError {
  readonly flow: string;
  readonly node: string;
  readonly code: string;
  readonly detail: string;
  readonly time: string;
  /** The message as JSON, cut when it is long. */
  readonly message: string;
}

/** What left by an error port: counted for ever by flow, node and code, with the newest originals. */
export class ErrorRecords {
  readonly #statements;
  #lastId: number;

  constructor(store: Store) {
    this.#statements = {
      insert: store.prepare(
        'INSERT INTO error(id, flow, node, code, detail, time, message) VALUES(?, ?, ?, ?, ?, ?, ?)',
      ),
      trim: store.prepare('DELETE FROM error WHERE id <= ?'),
      count: store.prepare(
        `INSERT INTO error_count(flow, node, code, count) VALUES(?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      ),
      counts: store.prepare('SELECT flow, node, code, count FROM error_count ORDER BY flow, node, code'),
      newest: store.prepare(
        'SELECT flow, node, code, detail, time, message FROM error ORDER BY id DESC LIMIT ?',
      ),
    };
    this.#lastId = Number(store.prepare('SELECT coalesce(max(id), 0) FROM error').pluck().get());
  }

  /** Inside the group's transaction. Returns what to call once it is committed. */
  write(records: readonly FlowErrorRecord[]): () => void {
    const counts = new Map<string, { record: FlowErrorRecord; count: number }>();
    let id = this.#lastId;
    for (const record of records) {
      const { flow, error } = record;
      const kind = `${flow}\n${error.node}\n${error.code}`;
      const counted = counts.get(kind) ?? { record, count: 0 };
      counted.count += 1;
      counts.set(kind, counted);
      if (counted.count > samplesPerGroup) continue;
      id += 1;
      const detail = error.detail.slice(0, maxText);
      const message = JSON.stringify(error.message).slice(0, maxText);
      this.#statements.insert.run(id, flow, error.node, error.code, detail, error.time, message);
    }
    for (const { record, count } of counts.values()) {
      this.#statements.count.run(record.flow, record.error.node, record.error.code, count);
    }
    if (id > this.#lastId && id > ringSize) this.#statements.trim.run(id - ringSize);
    return () => {
      this.#lastId = id;
    };
  }

  counts(): { flow: string; node: string; code: string; count: number }[] {
    return this.#statements.counts.all() as { flow: string; node: string; code: string; count: number }[];
  }

  newest(limit: number): StoredError[] {
    return this.#statements.newest.all(limit) as StoredError[];
  }
}
