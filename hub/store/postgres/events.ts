import { type Event, priorities } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import type { Tombstone } from '#flows/wire';
import type { StoredEvent } from '../../api/types.ts';
import type { Heard, RecordStore } from '../store.ts';
import { append, isTaken } from './append.ts';
import { readTimeline } from './counts.ts';
import type { Database } from './database.ts';
import { heardQuery, pageQuery, typesQuery } from './pages.ts';

interface Row {
  readonly position: number;
  readonly stored: number;
  readonly json: string;
}

const toStored = (row: Row): StoredEvent => ({
  event: JSON.parse(row.json) as Event,
  stored: new Date(row.stored).toISOString(),
  position: row.position,
});

/** Events, watermarks and tombstones. */
export function createRecordStore(database: Database): RecordStore {
  const textOf = async (box: string, sequences: readonly number[]) =>
    new Map(
      (
        await database.rows<{ sequence: number; json: string }>(
          'SELECT sequence, json FROM event WHERE box = $1 AND sequence = ANY($2::bigint[])',
          [box, sequences],
        )
      ).map(({ sequence, json }) => [sequence, json]),
    );

  /** `*` at the end: all of that prefix. */
  async function wholeTypes(types: readonly string[]): Promise<string[]> {
    if (!types.some((type) => type.endsWith('*'))) return [...new Set(types)];
    const known = (await database.rows<{ type: string }>(typesQuery)).map(({ type }) => type);
    const whole = types.flatMap((type) =>
      type.endsWith('*') ? known.filter((one) => one.startsWith(type.slice(0, -1))) : [type],
    );
    return [...new Set(whole)];
  }

  return {
    async append(appends, storedAt) {
      const commit = (careful: boolean) =>
        database.transaction((queries) => append(queries, appends, storedAt, careful), 'append');
      return commit(false).catch((error: unknown) => {
        if (!isTaken(error)) throw error;
        return commit(true);
      });
    },
    watermarks: async () =>
      (
        await database.rows<{ box: string; priority: number; upto: number }>(
          'SELECT box, priority, upto FROM watermark',
        )
      ).map((row) => ({ ...row, priority: priorities[row.priority] ?? 'telemetry' })),
    async one(box, sequence) {
      const [row] = await database.rows<Row>(
        'SELECT position, stored, json FROM event WHERE box = $1 AND sequence = $2',
        [box, sequence],
      );
      return row && toStored(row);
    },
    async different(box, events) {
      const texts = await textOf(
        box,
        events.map(({ sequence }) => sequence),
      );
      return events.find((event) => {
        const text = texts.get(event.sequence);
        if (text === JSON.stringify(event)) return false;
        return text === undefined || canonical(JSON.parse(text)) !== canonical(event);
      })?.sequence;
    },
    async page(query) {
      const type = query.type && (await wholeTypes(query.type));
      const { text, values } = pageQuery({ ...query, ...(type && { type }) });
      return (await database.rows<Row>(text, values)).map(toStored);
    },
    after: async (position, limit) =>
      (
        await database.rows<Row>(
          'SELECT position, stored, json FROM event WHERE position > $1 ORDER BY position LIMIT $2',
          [position, limit],
        )
      ).map(toStored),
    heard: (subjects, from, to, most) => database.rows<Heard>(heardQuery, [subjects, from, to, most]),
    tombstones: async (box) =>
      (
        await database.rows<{ json: string }>('SELECT json FROM tombstone WHERE box = $1 ORDER BY first', [
          box,
        ])
      ).map((row) => JSON.parse(row.json) as Tombstone),
    async span() {
      const [row] = await database.rows<{ from: number | null; to: number | null }>(
        'SELECT min(time) AS from, max(time) AS to FROM event',
      );
      return row?.from == null || row.to == null ? undefined : { from: row.from, to: row.to };
    },
    timeline: (from, to, buckets, sites) => readTimeline(database, from, to, buckets, sites),
    async position() {
      const [row] = await database.rows<{ position: number | null }>(
        'SELECT max(position) AS position FROM event',
      );
      return row?.position ?? 0;
    },
  };
}
