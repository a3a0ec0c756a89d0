import type { Timeline } from '../../api/types.ts';
import type { Sql } from './open.ts';

/** Lengths of the buckets that are kept, seconds; each divides the next. */
const lengths = [10, 300, 3600, 86_400] as const;

/** Events counted by time, site and priority, so that a timeline costs its buckets and not its events. */
export function createCounts(sql: Sql) {
  const add = sql.prepare(
    `INSERT INTO bucket (seconds, start, site, priority, events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET events = events + excluded.events`,
  );
  const pending = new Map<string, { start: number; site: string; priority: number; events: number }>();

  return {
    add(time: number, site: string, priority: number): void {
      const start = Math.floor(time / (lengths[0] * 1000)) * lengths[0];
      const key = `${start} ${priority} ${site}`;
      const row = pending.get(key);
      if (row) row.events += 1;
      else pending.set(key, { start, site, priority, events: 1 });
    },
    write(): void {
      for (const { start, site, priority, events } of pending.values())
        for (const seconds of lengths)
          add.run(seconds, Math.floor(start / seconds) * seconds, site, priority, events);
      pending.clear();
    },
    forget: () => pending.clear(),
    read(from: number, to: number, buckets: number, sites?: readonly string[]): Timeline {
      const wanted = Math.max(1, Math.max(0, to - from) / 1000 / buckets);
      const unit = lengths.findLast((length) => length <= wanted) ?? lengths[0];
      const bucketS = Math.ceil(wanted / unit) * unit;
      const first = Math.floor(from / 1000 / bucketS) * bucketS;
      const size = Math.max(1, Math.ceil((to / 1000 - first) / bucketS));
      const counts = Array.from({ length: size }, () => ({ alarm: 0, verdict: 0, telemetry: 0 }));
      const limit = sites ? `AND site IN (${sites.map(() => '?').join(',')})` : '';
      const rows = sql
        .prepare<(string | number)[], { at: number; priority: number; events: number }>(
          `SELECT CAST((start - ?) / ? AS INTEGER) AS at, priority, sum(events) AS events FROM bucket
           WHERE seconds = ? AND start >= ? AND start < ? ${limit} GROUP BY at, priority`,
        )
        .all(first, bucketS, unit, first, first + size * bucketS, ...(sites ?? []));
      for (const row of rows) {
        const count = counts[row.at];
        if (count)
          count[row.priority === 0 ? 'alarm' : row.priority === 1 ? 'verdict' : 'telemetry'] += row.events;
      }
      const at = (seconds: number) => new Date(seconds * 1000).toISOString();
      return { from: at(first), to: at(first + size * bucketS), bucketS, counts };
    },
  };
}
