import type { Timeline } from '../../api/types.ts';
import { bucketLengths, bucketsOf } from '../timeline.ts';
import type { Sql } from './open.ts';

/** Events counted by time, site and priority, so that a timeline costs its buckets and not its events. */
export function createCounts(sql: Sql) {
  const add = sql.prepare(
    `INSERT INTO bucket (seconds, start, site, priority, events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET events = events + excluded.events`,
  );
  const pending = new Map<string, { start: number; site: string; priority: number; events: number }>();

  return {
    add(time: number, site: string, priority: number): void {
      const start = Math.floor(time / (bucketLengths[0] * 1000)) * bucketLengths[0];
      const key = `${start} ${priority} ${site}`;
      const row = pending.get(key);
      if (row) row.events += 1;
      else pending.set(key, { start, site, priority, events: 1 });
    },
    write(): void {
      for (const { start, site, priority, events } of pending.values())
        for (const seconds of bucketLengths)
          add.run(seconds, Math.floor(start / seconds) * seconds, site, priority, events);
      pending.clear();
    },
    forget: () => pending.clear(),
    read(from: number, to: number, buckets: number, sites?: readonly string[]): Timeline {
      const slots = bucketsOf(from, to, buckets);
      const { first, bucketS, unit, size } = slots;
      const limit = sites ? `AND site IN (${sites.map(() => '?').join(',')})` : '';
      const rows = sql
        .prepare<(string | number)[], { at: number; priority: number; events: number }>(
          `SELECT CAST((start - ?) / ? AS INTEGER) AS at, priority, sum(events) AS events FROM bucket
           WHERE seconds = ? AND start >= ? AND start < ? ${limit} GROUP BY at, priority`,
        )
        .all(first, bucketS, unit, first, first + size * bucketS, ...(sites ?? []));
      return slots.timeline(rows);
    },
  };
}
