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

/**
 * Columns that a page may be limited by, the most selective first: the first one that is asked for
 * gives the index, in whose order (time) the rows are read until the page is full.
 */
const columns = ['subject', 'box', 'type', 'priority', 'site'] as const;
type Column = (typeof columns)[number];

/** Pages of events; `types` are those that were ever stored. */
export function createPages(sql: Sql, types: ReadonlySet<string>) {
  function values(query: EventQuery): Partial<Record<Column, readonly (string | number)[]>> {
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

  /** Rows of one value of the leading column: the index gives them in order, nothing is sorted. */
  function rows(query: EventQuery, leading: Column | undefined, value: string | number | undefined): Dated[] {
    const limits = values(query);
    const where: string[] = [];
    const bound: (string | number)[] = [];
    const add = (condition: string, ...more: (string | number)[]) => {
      where.push(condition);
      bound.push(...more);
    };
    if (leading !== undefined && value !== undefined) add(`${leading} = ?`, value);
    for (const column of columns) {
      const list = limits[column];
      if (column === leading || !list) continue;
      add(`${column} IN (${list.map(() => '?').join(',')})`, ...list);
    }
    if (query.from !== undefined) add('time >= ?', query.from);
    const { before } = query;
    const last = Math.min(query.to ?? Number.MAX_SAFE_INTEGER, before?.time ?? Number.MAX_SAFE_INTEGER);
    add('time <= ?', last);
    if (before) add('(time < ? OR position < ?)', before.time, before.position);
    return sql
      .prepare<(string | number)[], Dated>(
        `SELECT position, stored, json, time FROM event INDEXED BY event_${leading ?? 'time'}
         WHERE ${where.join(' AND ')} ORDER BY time DESC, position DESC LIMIT ?`,
      )
      .all(...bound, query.limit);
  }

  return {
    page(query: EventQuery): StoredEvent[] {
      const limits = values(query);
      const leading = columns.find((column) => limits[column]);
      const found =
        leading === undefined
          ? rows(query, undefined, undefined)
          : (limits[leading] ?? []).flatMap((value) => rows(query, leading, value));
      found.sort((a, b) => b.time - a.time || b.position - a.position);
      return found.slice(0, query.limit).map(toStored);
    },
  };
}
