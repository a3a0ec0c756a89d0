import type { Timeline } from '../../api/types.ts';
import { bucketLengths, bucketsOf } from '../timeline.ts';
import type { Insert, Queries } from './database.ts';

/** Events counted by time, site and priority, so that a timeline costs its buckets and not its events. */
export function createCounts() {
  const pending = new Map<
    string,
    [seconds: number, start: number, site: string, priority: number, n: number]
  >();
  return {
    add(time: number, site: string, priority: number): void {
      for (const seconds of bucketLengths) {
        const start = Math.floor(time / (seconds * 1000)) * seconds;
        const key = `${seconds} ${start} ${priority} ${site}`;
        const row = pending.get(key);
        if (row) row[4] += 1;
        else pending.set(key, [seconds, start, site, priority, 1]);
      }
    },
    insert: (): Insert => ({
      table: 'bucket AS b',
      types: ['integer', 'bigint', 'text', 'smallint', 'bigint'],
      rows: [...pending.values()],
      after: 'ON CONFLICT (seconds, start, site, priority) DO UPDATE SET events = b.events + excluded.events',
    }),
  };
}

export async function readTimeline(
  queries: Queries,
  from: number,
  to: number,
  buckets: number,
  sites?: readonly string[],
): Promise<Timeline> {
  const slots = bucketsOf(from, to, buckets);
  const { first, bucketS, unit, size } = slots;
  const rows = await queries.rows<{ at: number; priority: number; events: number }>(
    `SELECT (start - $1) / $2 AS at, priority, sum(events)::bigint AS events FROM bucket
     WHERE seconds = $3 AND start >= $1 AND start < $4 AND ($5::text[] IS NULL OR site = ANY($5))
     GROUP BY 1, 2`,
    [first, bucketS, unit, first + size * bucketS, sites ?? null],
  );
  return slots.timeline(rows);
}
