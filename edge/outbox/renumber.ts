import { type Event, eventId, type Origin, type Priority, priorities } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import { checksumOf, eventTables, type Store } from './schema.ts';

/** Last sequence of the box, over all priorities and of each. */
export type Head = { sequence: number } & Record<Priority, number>;

export interface RenumberOptions {
  /** What is renumbered comes under this box; its former id, where that is another, stays beside it as `formerid`. */
  readonly origin: Origin;
  /** New numbers begin above it. */
  readonly above: number;
  /** By priority, the end of the chain that the new numbers join on to. */
  readonly joins: Readonly<Record<Priority, number>>;
  /** Numbers between that end and `above` were given out and are lost: a tombstone says so. */
  readonly isLost: boolean;
}

/** So many rows are in memory at once. */
const rowsAtOnce = 500;

interface Move {
  readonly priority: Priority;
  readonly old: number;
  readonly fresh: number;
}

/**
 * Gives everything that is not acknowledged new numbers, in its order, and makes that the whole of what is to be sent. Inside a
 * transaction, with nothing acknowledged that is still in the tables. Returns the new head, which is written as well.
 */
export function renumber(store: Store, options: RenumberOptions): Head {
  const { above, joins, origin, isLost } = options;
  const head: Head = { sequence: above + assign(store, above), alarm: 0, verdict: 0, telemetry: 0 };
  for (const priority of priorities) {
    const from = joins[priority];
    let previous = from;
    if (isLost) {
      bury(store, { priority, last: above, first: from + 1, count: 0, previous: from, reason: 'corrupt' });
      previous = above;
    }
    head[priority] = moveAll(store, priority, previous, origin);
    store
      .prepare(
        'INSERT INTO acknowledged VALUES(?, ?) ON CONFLICT(priority) DO UPDATE SET upto = excluded.upto',
      )
      .run(priority, from);
  }
  store.exec(
    `UPDATE named SET sequence = (SELECT fresh FROM moved WHERE old = sequence AND grave = 0)
     WHERE sequence IN (SELECT old FROM moved WHERE grave = 0); DROP TABLE moved;`,
  );
  store
    .prepare('UPDATE head SET box = ?, sequence = ?, alarm = ?, verdict = ?, telemetry = ?')
    .run(origin.box, head.sequence, head.alarm, head.verdict, head.telemetry);
  return head;
}

/** A table of old and new numbers, over all priorities in the order of the old. How many there are. */
function assign(store: Store, above: number): number {
  const events = priorities.map(
    (priority) =>
      `SELECT '${priority}' AS priority, sequence AS old, 0 AS grave FROM ${eventTables[priority]}`,
  );
  store.exec(
    `CREATE TEMP TABLE moved(priority TEXT, old INTEGER, grave INTEGER, fresh INTEGER, PRIMARY KEY(priority, old)) WITHOUT ROWID;
     INSERT INTO moved SELECT priority, old, grave, ${above} + row_number() OVER (ORDER BY old, priority) FROM (
       ${events.join(' UNION ALL ')} UNION ALL SELECT priority, last, 1 FROM tombstone);
     CREATE INDEX moved_old ON moved(old);`,
  );
  return Number(store.prepare('SELECT count(*) FROM moved').pluck().get());
}

/** Returns the last number of the priority. */
function moveAll(store: Store, priority: Priority, joins: number, origin: Origin): number {
  const table = eventTables[priority];
  const next = store.prepare(
    `SELECT priority, old, fresh FROM moved WHERE priority = ? AND old > ? ORDER BY old LIMIT ${rowsAtOnce}`,
  );
  const body = store.prepare(`SELECT body FROM ${table} WHERE sequence = ?`).pluck();
  const update = store.prepare(
    `UPDATE ${table} SET sequence = ?, previous = ?, checksum = ?, body = ? WHERE sequence = ?`,
  );
  const find = store.prepare('SELECT fresh FROM moved WHERE old = ? AND grave = 0').pluck();
  const moved = (old: number) => find.get(old) as number | undefined;
  let previous = joins;
  let last = -1;
  for (;;) {
    const moves = next.all(priority, last) as Move[];
    for (const { old, fresh } of moves) {
      const text = body.get(old) as string | undefined;
      if (text === undefined) moveTombstone(store, priority, old, fresh, previous);
      else {
        const changed = rewritten(text, origin, fresh, previous, moved);
        update.run(fresh, previous, checksumOf(fresh, previous, changed), changed, old);
      }
      previous = fresh;
      last = old;
    }
    if (moves.length < rowsAtOnce) return previous;
  }
}

/** The event under its new number; what it corrects may have one too. */
function rewritten(
  text: string,
  origin: Origin,
  sequence: number,
  previous: number,
  moved: (old: number) => number | undefined,
): string {
  const event = JSON.parse(text) as Event;
  const { box, site } = origin;
  const corrected = moved(Number(event.supersedes?.slice(event.box.length + 1)));
  return canonical({
    ...event,
    id: eventId(box, sequence),
    source: event.source.replace(`/boxes/${event.box}/`, `/boxes/${box}/`),
    box,
    site,
    sequence,
    previous,
    ...(corrected !== undefined && { supersedes: eventId(box, corrected) }),
    ...(event.box !== box && { formerid: event.formerid ?? event.id }),
  });
}

type Row = Readonly<Record<'last' | 'first' | 'count' | 'previous', number>> & {
  readonly priority: Priority;
  readonly reason: string;
};

/** It keeps its count and its reason under one number. */
function moveTombstone(store: Store, priority: Priority, old: number, fresh: number, previous: number): void {
  const row = store
    .prepare('DELETE FROM tombstone WHERE priority = ? AND last = ? RETURNING *')
    .get(priority, old) as Row;
  bury(store, { ...row, first: fresh, last: fresh, previous });
}

const bury = (store: Store, row: Row): void =>
  void store
    .prepare('INSERT INTO tombstone VALUES(@priority, @last, @first, @count, @previous, @reason)')
    .run(row);
