import { priorities } from '#flows/event';
import type { EventQuery } from '../store.ts';

/** Types that there are, from the index: a step for each of them and not for each event. */
export const typesQuery = `
  WITH RECURSIVE t AS (
    (SELECT type FROM event ORDER BY type LIMIT 1)
    UNION ALL SELECT (SELECT type FROM event WHERE type > t.type ORDER BY type LIMIT 1) FROM t WHERE t.type IS NOT NULL
  ) SELECT type FROM t WHERE type IS NOT NULL`;

const rankOf = (name: EventQuery['priority']) => name?.map((one) => priorities.indexOf(one));
const telemetry = priorities.indexOf('telemetry');
const everyRank = priorities.map((_, rank) => rank);

/**
 * The statement for a page of events, newest first, and its values. By type the newest of each type and priority are read
 * and put together: of one pair they lie in the index in the order of time, so that nothing is read which does not fit. Of one
 * object by type, its telemetry, which is its positions, is gone through only for types that come as such.
 * Types are whole ones here.
 */
export function pageQuery(query: EventQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { from, to, before, subject, type, box, site } = query;
  const where: string[] = ['true'];
  if (from !== undefined) where.push(`e.time >= ${bind(from)}`);
  if (to !== undefined) where.push(`e.time <= ${bind(to)}`);
  if (subject !== undefined) where.push(`e.subject = ${bind(subject)}`);
  if (box) where.push(`e.box = ANY(${bind(box)})`);
  if (site) where.push(`e.site = ANY(${bind(site)})`);
  if (before) where.push(`(e.time, e.position) < (${bind(before.time)}, ${bind(before.position)})`);
  const ranks = rankOf(query.priority);
  const page = (conditions: readonly string[]) =>
    `SELECT e.position, e.stored, e.json, e.time FROM event e WHERE ${conditions.join(' AND ')}
     ORDER BY e.time DESC, e.position DESC LIMIT ${limit}`;
  const limit = bind(query.limit);
  if (type && subject === undefined) {
    const pairs = `unnest(${bind(type)}::text[]) AS t (type) CROSS JOIN unnest(${bind(ranks ?? everyRank)}::smallint[]) AS p (priority)`;
    const newest = page([...where, 'e.type = t.type', 'e.priority = p.priority']);
    const text = `SELECT n.* FROM ${pairs} CROSS JOIN LATERAL (${newest}) n
      ORDER BY n.time DESC, n.position DESC LIMIT ${limit}`;
    return { text, values };
  }
  if (type && subject !== undefined) {
    if (ranks) where.push(`e.priority = ANY(${bind(ranks)}::smallint[])`);
    const types = `unnest(${bind(type)}::text[]) AS t (type)`;
    const asTelemetry = `${types} WHERE EXISTS (SELECT 1 FROM event x WHERE x.type = t.type AND x.priority = ${telemetry})`;
    const told = page([...where, 'e.type = t.type', `e.priority < ${telemetry}`]);
    const rest = page([...where, 'e.type = t.type', `e.priority = ${telemetry}`]);
    const text = `SELECT * FROM (
      SELECT n.* FROM ${types} CROSS JOIN LATERAL (${told}) n UNION ALL
      SELECT n.* FROM (SELECT t.type FROM ${asTelemetry}) t CROSS JOIN LATERAL (${rest}) n) a
      ORDER BY a.time DESC, a.position DESC LIMIT ${limit}`;
    return { text, values };
  }
  if (type) where.push(`e.type = ANY(${bind(type)})`);
  if (ranks) where.push(`e.priority = ANY(${bind(ranks)}::smallint[])`);
  return { text: page(where), values };
}

/** Which subjects events are about: $1 the subjects, $2 and $3 the time, $4 how many are counted at most. From the index alone. */
export const heardQuery = `
  SELECT s.subject, f.first, l.last, c.events
  FROM unnest($1::text[]) AS s (subject)
  CROSS JOIN LATERAL (SELECT max(time) AS last FROM event e
    WHERE e.subject = s.subject AND e.time BETWEEN $2 AND $3) l
  CROSS JOIN LATERAL (SELECT min(time) AS first FROM event e
    WHERE e.subject = s.subject AND e.time BETWEEN $2 AND $3) f
  CROSS JOIN LATERAL (SELECT count(*) AS events FROM (SELECT 1 FROM event e
    WHERE e.subject = s.subject AND e.time BETWEEN $2 AND $3 LIMIT $4) x) c
  WHERE l.last IS NOT NULL`;
