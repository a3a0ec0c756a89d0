import type { Event } from '#flows/event';
import { type ScanWord, scanWordOf, thumbnailOf, verdictRecord } from '../scan-projection.ts';
import type { Placed } from './append.ts';
import { type Queries, storable } from './database.ts';

/**
 * Projects events of scans, within the transaction that stores them. Every event adds what it knows, so that their
 * order does not matter; of two that say the same the one with the higher sequence counts.
 */
export async function projectScans(queries: Queries, placed: readonly Placed[]): Promise<void> {
  for (const { event, append } of placed) {
    const word = scanWordOf(event);
    if (word) await write(queries, event, word, append);
  }
}

async function write(queries: Queries, event: Event, word: ScanWord, { box, site }: Placed['append']) {
  const { sequence } = event;
  const scan = storable(word.data.scan);
  await queries.run('INSERT INTO scan (box, scan, site) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    box,
    scan,
    site,
  ]);
  const [row] = await queries.rows<{ id: number }>('SELECT id FROM scan WHERE box = $1 AND scan = $2', [
    box,
    scan,
  ]);
  const id = row?.id ?? 0;
  await queries.run('INSERT INTO scan_event VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    id,
    sequence,
    event.type,
    event.time,
  ]);
  if (word.kind === 'evicted') await queries.run('UPDATE scan SET evicted = true WHERE id = $1', [id]);
  else if (word.kind === 'verdict') {
    const record = verdictRecord(event, word.data);
    await queries.run(
      `UPDATE scan SET verdict = $2, verdict_sequence = $3, outcome = $4, subject = coalesce($5, subject)
       WHERE id = $1 AND coalesce(verdict_sequence, 0) < $3`,
      [
        id,
        JSON.stringify(record),
        sequence,
        record.outcome,
        record.subject ? storable(record.subject) : null,
      ],
    );
  } else {
    const { thumbnail: _, ...facts } = { thumbnail: undefined, ...word.data };
    const text = JSON.stringify(facts);
    await queries.run(
      `UPDATE scan SET started = $2, scanner = $3, facts = coalesce(facts, $4)
       WHERE id = $1 AND started IS NULL`,
      [id, Date.parse(facts.started), storable(facts.scanner), text],
    );
    if (word.kind === 'started') return;
    const picture = thumbnailOf(word.data);
    await queries.run(
      `UPDATE scan SET completed = $2, completed_sequence = $3, thumbnail = $4, thumbnail_type = $5
       WHERE id = $1 AND coalesce(completed_sequence, 0) < $3`,
      [id, text, sequence, picture?.bytes ?? null, picture?.type ?? null],
    );
  }
}
