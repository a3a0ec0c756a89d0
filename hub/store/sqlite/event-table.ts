import Database from 'better-sqlite3';
import { type Priority, priorities } from '#flows/event';
import type { Append } from '../store.ts';
import type { Sql } from './open.ts';
import { createRows } from './rows.ts';

export const rank = (priority: Priority): number => priorities.indexOf(priority);

/** Inserts events by many at a time; (box, sequence) is unique for ever. */
export function createEventTable(sql: Sql) {
  const rows = createRows(
    sql,
    'event (position, box, sequence, priority, site, type, subject, time, stored, json)',
  );
  const newest = sql.prepare<[], { position: number | null }>('SELECT max(position) AS position FROM event');
  const last = (): number => newest.get()?.position ?? 0;

  return {
    /** Position of the newest event; 0 while there is none. */
    last,
    /**
     * Inserts the events of a group with positions counting up from `from`; the first whose number is taken ends
     * it. The caller holds the transaction.
     */
    insert({ box, site, priority, items }: Append, stored: number, from: number): { conflict?: number } {
      const rankOf = rank(priority);
      let position = from;
      for (const { event, text } of items) {
        if (!event) continue;
        const time = Date.parse(event.time);
        const json = text ?? JSON.stringify(event);
        const { sequence, type, subject = null } = event;
        rows.add(position, box, sequence, rankOf, site, type, subject, time, stored, json);
        position += 1;
      }
      try {
        rows.flush();
        return {};
      } catch (error) {
        if (!isTaken(error)) throw error;
        const taken = items.filter(({ event }) => event)[Math.max(0, last() - from + 1)];
        return taken?.event ? { conflict: taken.event.sequence } : {};
      }
    },
  };
}

const isTaken = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
