import type { Heard } from '../store.ts';
import type { Sql } from './open.ts';

const of = 'FROM event INDEXED BY event_subject WHERE subject = ? AND time >= ? AND time <= ?';

/** Reads the index alone: whose events there are is asked of very many who have none. */
export function createHeard(sql: Sql) {
  const last = sql.prepare<[string, number, number], { last: number | null }>(
    `SELECT max(time) AS last ${of}`,
  );
  const more = sql.prepare<[string, number, number, string, number, number, number], Omit<Heard, 'subject'>>(
    `SELECT (SELECT min(time) ${of}) AS first, count(*) AS events, max(time) AS last
     FROM (SELECT time ${of} ORDER BY time DESC LIMIT ?)`,
  );
  return (subjects: readonly string[], from: number, to: number, most: number): Heard[] =>
    subjects.flatMap((subject) => {
      if (last.get(subject, from, to)?.last == null) return [];
      const counted = more.get(subject, from, to, subject, from, to, most);
      return counted ? [{ subject, ...counted }] : [];
    });
}
