import type { Timeline } from '../api/types.ts';

/** Lengths of the buckets that are kept, seconds; each divides the next. */
export const bucketLengths = [10, 300, 3600, 86_400] as const;

/**
 * The slots of a timeline: `size` of `bucketS` seconds from `first` (epoch seconds) on, read from the kept buckets
 * of `unit` seconds. Bounds in ms.
 */
export function bucketsOf(from: number, to: number, buckets: number) {
  const wanted = Math.max(1, Math.max(0, to - from) / 1000 / buckets);
  const unit = bucketLengths.findLast((length) => length <= wanted) ?? bucketLengths[0];
  const bucketS = Math.ceil(wanted / unit) * unit;
  const first = Math.floor(from / 1000 / bucketS) * bucketS;
  const size = Math.max(1, Math.ceil((to / 1000 - first) / bucketS));
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    first,
    bucketS,
    unit,
    size,
    /** The timeline, of sums by slot and priority. */
    timeline(rows: readonly { at: number; priority: number; events: number }[]): Timeline {
      const counts = Array.from({ length: size }, () => ({ alarm: 0, verdict: 0, telemetry: 0 }));
      for (const row of rows) {
        const count = counts[row.at];
        if (count)
          count[row.priority === 0 ? 'alarm' : row.priority === 1 ? 'verdict' : 'telemetry'] += row.events;
      }
      return { from: at(first), to: at(first + size * bucketS), bucketS, counts };
    },
  };
}
