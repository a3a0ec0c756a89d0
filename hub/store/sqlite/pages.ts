import { priorities } from '#flows/event';
import type { StoredEvent } from '../../api/types.ts';
import type { EventQuery } from '../store.ts';
import type { Sql } from './open.ts';

export interface Row {
  readonly position: number;
  readonly stored: number;
  readonly json: string;
}

export const toStored = (row: Row): StoredEvent => ({
  event: JSON.parse(row.json) as StoredEvent['event'],
  stored: new Date(row.stored).toISOString(),
  position: row.position,
});

type Dated = Row & { readonly time: number };

const columns = ['subject', 'box', 'type', 'priority', 'site'] as const;
type Column = (typeof columns)[number];
type Limits = Partial<Record<Column, readonly (string | number)[]>>;

/** An index to read, and the values of its leading columns: the rows come in the order of time. */
interface Way {
  readonly index: string;
  readonly fixed: Partial<Record<Column, string | number>>;
  /** What the index holds, where that is not everything. */
  readonly only?: string;
}

const telemetry = priorities.indexOf('telemetry');
const everyRank = priorities.map((_, rank) => rank);

/**
 * The ways to read a page, one for each value, that pass over the fewest rows which do not fit: what is
 * rare leads, and telemetry, which is most of what there is, never does while anything else can.
 */
function waysFor(limits: Limits, isTelemetry: (type: string) => boolean): Way[] {
  const by = (column: Column): Way[] =>
    (limits[column] ?? []).map((value) => ({ index: `event_${column}`, fixed: { [column]: value } }));
  const { subject, box, type, priority, site } = limits;
  if (subject && type) return subject.flatMap((one) => toldWays(one, type, isTelemetry));
  if (subject) return by('subject');
  if (type) {
    const pairs = type.flatMap((one) => (priority ?? everyRank).map((two) => ({ type: one, priority: two })));
    if (!box) return pairs.map((fixed) => ({ index: 'event_type', fixed }));
    return box.flatMap((one) =>
      pairs.map((pair) => ({ index: 'event_box_type', fixed: { box: one, ...pair } })),
    );
  }
  if (priority && !priority.includes(telemetry)) return by('priority');
  if (box) return by('box');
  if (priority) return by('priority');
  return site ? by('site') : [{ index: 'event_time', fixed: {} }];
}

/** Of one object by type: telemetry of it, which is its positions, is gone through only for types that come as such. */
function toldWays(
  subject: string | number,
  types: readonly (string | number)[],
  isTelemetry: (type: string) => boolean,
) {
  return types.flatMap((type): Way[] => [
    { index: 'event_told', fixed: { subject, type }, only: `priority < ${telemetry}` },
    ...(isTelemetry(String(type))
      ? [{ index: 'event_subject', fixed: { subject, type }, only: `priority = ${telemetry}` }]
      : []),
  ]);
}

/** Pages of events; `types` are those that were ever stored. */
export function createPages(sql: Sql, types: ReadonlySet<string>) {
  const anyTelemetry = sql
    .prepare<[string], number>(
      `SELECT 1 FROM event INDEXED BY event_type WHERE type = ? AND priority = ${telemetry} LIMIT 1`,
    )
    .pluck();
  const isTelemetry = (type: string) => anyTelemetry.get(type) !== undefined;

  function limitsOf(query: EventQuery): Limits {
    const expand = (type: string) =>
      type.endsWith('*') ? [...types].filter((known) => known.startsWith(type.slice(0, -1))) : [type];
    return {
      ...(query.subject !== undefined && { subject: [query.subject] }),
      ...(query.box && { box: query.box }),
      ...(query.type && { type: [...new Set(query.type.flatMap(expand))] }),
      ...(query.priority && { priority: query.priority.map((name) => priorities.indexOf(name)) }),
      ...(query.site && { site: query.site }),
    };
  }

  function rows(query: EventQuery, limits: Limits, { index, fixed, only }: Way): Dated[] {
    const where: string[] = only === undefined ? [] : [only];
    const bound: (string | number)[] = [];
    const add = (condition: string, ...more: (string | number)[]) => {
      where.push(condition);
      bound.push(...more);
    };
    for (const column of columns) {
      const list = limits[column];
      const value = fixed[column];
      if (value !== undefined) add(`${column} = ?`, value);
      else if (list) add(`${column} IN (${list.map(() => '?').join(',')})`, ...list);
    }
    const { from, to, before, limit } = query;
    if (from !== undefined) add('time >= ?', from);
    add('time <= ?', Math.min(to ?? Number.MAX_SAFE_INTEGER, before?.time ?? Number.MAX_SAFE_INTEGER));
    if (before) add('(time < ? OR position < ?)', before.time, before.position);
    return sql
      .prepare<(string | number)[], Dated>(
        `SELECT position, stored, json, time FROM event INDEXED BY ${index}
         WHERE ${where.join(' AND ')} ORDER BY time DESC, position DESC LIMIT ?`,
      )
      .all(...bound, limit);
  }

  return {
    page(query: EventQuery): StoredEvent[] {
      const limits = limitsOf(query);
      // none of no types, boxes or sites
      if (Object.values(limits).some((list) => list.length === 0)) return [];
      const found = waysFor(limits, isTelemetry).flatMap((way) => rows(query, limits, way));
      found.sort((a, b) => b.time - a.time || b.position - a.position);
      return found.slice(0, query.limit).map(toStored);
    },
  };
}
