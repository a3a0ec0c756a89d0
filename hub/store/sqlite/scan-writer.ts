import type { Event } from '#flows/event';
import { scanWordOf, thumbnailOf, verdictRecord } from '../scan-projection.ts';
import type { Append } from '../store.ts';
import type { Sql } from './open.ts';

/**
 * Projects events of scans, within the transaction that stores them. Every event adds what it knows, so
 * that their order does not matter; of two that say the same the one with the higher sequence counts.
 */
export function createScanWriter(sql: Sql) {
  const enter = sql.prepare('INSERT INTO scan (box, scan, site) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const find = sql.prepare<[string, string], { id: number }>(
    'SELECT id FROM scan WHERE box = ? AND scan = ?',
  );
  const addEvent = sql.prepare(
    'INSERT INTO scan_event (scan, sequence, type, time) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const start = sql.prepare(
    'UPDATE scan SET started = ?, scanner = ?, facts = coalesce(facts, ?) WHERE id = ? AND started IS NULL',
  );
  const complete = sql.prepare(
    `UPDATE scan SET completed = ?, completed_sequence = ?, thumbnail = ?, thumbnail_type = ?
     WHERE id = ? AND coalesce(completed_sequence, 0) < ?`,
  );
  const judge = sql.prepare(
    `UPDATE scan SET verdict = ?, verdict_sequence = ?, outcome = ?, subject = coalesce(?, subject)
     WHERE id = ? AND coalesce(verdict_sequence, 0) < ?`,
  );
  const evict = sql.prepare('UPDATE scan SET evicted = 1 WHERE id = ?');

  return {
    write(event: Event, { box, site }: Append): void {
      const word = scanWordOf(event);
      if (!word) return;
      const { sequence } = event;
      enter.run(box, word.data.scan, site);
      const id = find.get(box, word.data.scan)?.id ?? 0;
      addEvent.run(id, sequence, event.type, event.time);
      if (word.kind === 'evicted') evict.run(id);
      else if (word.kind === 'verdict') {
        const record = verdictRecord(event, word.data);
        judge.run(JSON.stringify(record), sequence, record.outcome, record.subject ?? null, id, sequence);
      } else {
        const { thumbnail: _, ...facts } = { thumbnail: undefined, ...word.data };
        const text = JSON.stringify(facts);
        start.run(Date.parse(facts.started), facts.scanner, text, id);
        if (word.kind === 'started') return;
        const picture = thumbnailOf(word.data);
        complete.run(text, sequence, picture?.bytes ?? null, picture?.type ?? null, id, sequence);
      }
    },
  };
}
export type ScanWriter = ReturnType<typeof createScanWriter>;
