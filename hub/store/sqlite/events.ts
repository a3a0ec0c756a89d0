import { type Event, priorities } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import type { Tombstone } from '#flows/wire';
import type { StoredEvent } from '../../api/types.ts';
import { project } from '../projection.ts';
import type { Append, Appended, RecordStore } from '../store.ts';
import { createCounts } from './counts.ts';
import { createEventTable, rank } from './event-table.ts';
import type { FlowWriter } from './flows.ts';
import { createHeard } from './heard.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { Names, Sql } from './open.ts';
import { createPages, type Row, toStored } from './pages.ts';
import type { ScanWriter } from './scan-writer.ts';

/** Events, watermarks and tombstones; projections and checkpoints of flows are written within the same transaction. */
export function createRecordStore(
  sql: Sql,
  names: Names,
  objects: ObjectWriter,
  scans: ScanWriter,
  flows: FlowWriter,
): RecordStore {
  const counts = createCounts(sql);
  const seen = new Set(
    sql
      .prepare<[], { type: string }>('SELECT type FROM event_type_seen')
      .all()
      .map((row) => row.type),
  );
  const pages = createPages(sql, seen);
  const heard = createHeard(sql);
  const table = createEventTable(sql);
  const insertType = sql.prepare('INSERT INTO event_type_seen (type) VALUES (?) ON CONFLICT DO NOTHING');
  const insertTombstone = sql.prepare(
    'INSERT INTO tombstone (box, priority, first, json) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const setWatermark = sql.prepare(
    `INSERT INTO watermark (box, priority, upto) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET upto = max(upto, excluded.upto)`,
  );
  const getWatermark = sql.prepare<[string, number], { upto: number }>(
    'SELECT upto FROM watermark WHERE box = ? AND priority = ?',
  );
  const one = sql.prepare<[string, number], Row>(
    'SELECT position, stored, json FROM event WHERE box = ? AND sequence = ?',
  );

  const after = sql.prepare<[number, number], Row>(
    'SELECT position, stored, json FROM event WHERE position > ? ORDER BY position LIMIT ?',
  );

  /** What follows from an event that is in the table. */
  function derive(event: Event, append: Append, position: number): void {
    if (!seen.has(event.type)) {
      insertType.run(event.type);
      seen.add(event.type);
    }
    counts.add(Date.parse(event.time), append.site, rank(append.priority));
    if (event.supersedes !== undefined) withdraw(event.supersedes);
    const projection = project(event);
    if (projection) objects.write(projection, append.box, position);
    scans.write(event, append);
  }

  function withdraw(id: string): void {
    const colon = id.lastIndexOf(':');
    const row = one.get(id.slice(0, colon), Number(id.slice(colon + 1)));
    const projection = row && project(JSON.parse(row.json) as Event);
    if (row && projection) objects.withdraw(projection, row.position);
  }

  function addAll(append: Append, stored: number, from: number): Appended {
    const inserted = table.insert(append, stored, from);
    const events: StoredEvent[] = [];
    const storedText = new Date(stored).toISOString();
    let upto = 0;
    for (const { event, tombstone } of append.items) {
      if (event) {
        if (event.sequence === inserted.conflict) break;
        const position = from + events.length;
        derive(event, append, position);
        events.push({ event, stored: storedText, position });
        upto = event.sequence;
      } else {
        const text = JSON.stringify(tombstone);
        insertTombstone.run(append.box, rank(append.priority), tombstone.from, text);
        upto = Math.max(upto, tombstone.to);
      }
    }
    if (upto > 0) setWatermark.run(append.box, rank(append.priority), upto);
    else upto = uptoOf(append);
    return { stored: events, upto, ...inserted };
  }

  const uptoOf = ({ box, priority }: Append) => getWatermark.get(box, rank(priority))?.upto ?? 0;

  const appendAll = sql.transaction((appends: readonly Append[], storedAt: number): Appended[] => {
    if (!appends.every(flows.follows))
      return appends.map((append) => ({
        stored: [],
        upto: uptoOf(append),
        ...(!flows.follows(append) && { moved: true as const }),
      }));
    const stored = Math.max(storedAt, flows.latestClock());
    let position = table.last();
    const answers = appends.map((append) => {
      if (append.checkpoint) flows.write(append.checkpoint);
      const answer = addAll(append, stored, position + 1);
      position += answer.stored.length;
      return answer;
    });
    counts.write();
    objects.flush();
    return answers;
  });

  return {
    async append(appends, storedAt) {
      try {
        return appendAll(appends, storedAt);
      } catch (error) {
        names.forget();
        objects.forget();
        counts.forget();
        seen.clear();
        for (const row of sql.prepare<[], { type: string }>('SELECT type FROM event_type_seen').all())
          seen.add(row.type);
        throw error;
      }
    },
    watermarks: async () =>
      sql
        .prepare<[], { box: string; priority: number; upto: number }>(
          'SELECT box, priority, upto FROM watermark',
        )
        .all()
        .map((row) => ({ ...row, priority: priorities[row.priority] ?? 'telemetry' })),
    one: async (box, sequence) => {
      const row = one.get(box, sequence);
      return row && toStored(row);
    },
    different: async (box, events) =>
      events.find((event) => {
        const text = one.get(box, event.sequence)?.json;
        // Most often it is the same text; only else is it worth more.
        if (text === JSON.stringify(event)) return false;
        return text === undefined || canonical(JSON.parse(text)) !== canonical(event);
      })?.sequence,
    page: async (query) => pages.page(query),
    heard: async (subjects, from, to, most) => heard(subjects, from, to, most),
    after: async (position, limit) => after.all(position, limit).map(toStored),
    tombstones: async (box) =>
      sql
        .prepare<[string], { json: string }>('SELECT json FROM tombstone WHERE box = ? ORDER BY first')
        .all(box)
        .map((row) => JSON.parse(row.json) as Tombstone),
    span: async () => {
      const first = sql.prepare<[], { time: number | null }>('SELECT min(time) AS time FROM event').get();
      const last = sql.prepare<[], { time: number | null }>('SELECT max(time) AS time FROM event').get();
      return first?.time == null || last?.time == null ? undefined : { from: first.time, to: last.time };
    },
    timeline: async (from, to, buckets, sites) => counts.read(from, to, buckets, sites),
    position: async () => table.last(),
  };
}
