import { type Event, type Priority, priorities } from '#flows/event';
import type { StoredEvent } from '../../api/types.ts';
import type { Append, Appended } from '../store.ts';
import { createCounts } from './counts.ts';
import { type Queries, storable, takeLock } from './database.ts';
import { checkpointsFollow, writeCheckpoints } from './flows.ts';
import { projectObjects } from './object-writer.ts';
import { projectScans } from './scan-writer.ts';

const rank = (priority: Priority): number => priorities.indexOf(priority);
const uniqueViolation = '23505';

/** An event in its place, with the group it came in. */
export interface Placed {
  readonly event: Event;
  readonly text: string;
  readonly position: number;
  readonly append: Append;
}

/** What is left of a group when numbers are taken, and the first that was. */
interface Cut {
  readonly append: Append;
  readonly conflict?: number;
}

/**
 * Stores groups within one transaction. One hub at a time: positions then grow in the order of the commits, so
 * that who reads on from a position misses nothing.
 */
export async function append(
  queries: Queries,
  appends: readonly Append[],
  storedAt: number,
): Promise<Appended[]> {
  await takeLock(queries, 'append');
  const watermarks = await readWatermarks(queries, appends);
  const uptoOf = ({ box, priority }: Append) => watermarks.get(`${box} ${rank(priority)}`) ?? 0;
  const isNext = await checkpointsFollow(queries, appends);
  const moved = appends.map(
    (group) => (group.after !== undefined && group.after !== uptoOf(group)) || !isNext(group),
  );
  if (moved.includes(true))
    return appends.map((group, i) => ({
      stored: [],
      upto: uptoOf(group),
      ...(moved[i] === true && { moved: true as const }),
    }));
  const [row] = await queries.rows<{ position: number | null; clock: number | null }>(
    'SELECT (SELECT max(position) FROM event) AS position, (SELECT max(clock) FROM flow_place) AS clock',
  );
  const first = (row?.position ?? 0) + 1;
  // No event is dated before the clock of a flow that may have concluded from its absence.
  const stored = Math.max(storedAt, row?.clock ?? 0);
  const { cuts, placed } = await insertEvents(
    queries,
    appends.map((group) => ({ append: group })),
    first,
    stored,
  );

  const counts = createCounts();
  for (const { event, append: group } of placed)
    counts.add(Date.parse(event.time), group.site, rank(group.priority));
  await counts.write(queries);
  await projectObjects(queries, placed);
  await projectScans(queries, placed);
  await insertTombstones(queries, cuts);
  await writeCheckpoints(queries, appends);

  const storedText = new Date(stored).toISOString();
  let at = 0;
  const answers = cuts.map(({ append: group, conflict }): Appended => {
    const events: StoredEvent[] = group.items.flatMap(({ event }) =>
      event ? [{ event, stored: storedText, position: first + at++ }] : [],
    );
    const last = group.items.at(-1);
    const upto = Math.max(uptoOf(group), last ? (last.event ? last.event.sequence : last.tombstone.to) : 0);
    return { stored: events, upto, ...(conflict !== undefined && { conflict }) };
  });
  await setWatermarks(queries, cuts, answers);
  return answers;
}

async function readWatermarks(queries: Queries, appends: readonly Append[]): Promise<Map<string, number>> {
  const rows = await queries.rows<{ box: string; priority: number; upto: number }>(
    'SELECT box, priority, upto FROM watermark WHERE box = ANY($1)',
    [[...new Set(appends.map(({ box }) => box))]],
  );
  return new Map(rows.map(({ box, priority, upto }) => [`${box} ${priority}`, upto]));
}

const placeAll = (cuts: readonly Cut[], first: number): Placed[] => {
  let position = first;
  return cuts.flatMap(({ append: group }) =>
    group.items.flatMap(({ event, text }) =>
      event ? [{ event, text: text ?? JSON.stringify(event), position: position++, append: group }] : [],
    ),
  );
};

/** Numbers are hardly ever taken: that is looked into only when not all could be inserted. */
async function insertEvents(queries: Queries, groups: readonly Cut[], first: number, stored: number) {
  const placed = placeAll(groups, first);
  if (placed.length === 0) return { cuts: groups, placed };
  await queries.run('SAVEPOINT events');
  try {
    await insertRows(queries, placed, stored);
    return { cuts: groups, placed };
  } catch (error) {
    if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
    await queries.run('ROLLBACK TO SAVEPOINT events');
    const cuts = await cutTaken(queries, groups);
    const rest = placeAll(cuts, first);
    await insertRows(queries, rest, stored);
    return { cuts, placed: rest };
  }
}

async function cutTaken(queries: Queries, groups: readonly Cut[]): Promise<Cut[]> {
  const all = placeAll(groups, 0);
  const rows = await queries.rows<{ box: string; sequence: number }>(
    `SELECT e.box, e.sequence FROM unnest($1::text[], $2::bigint[]) AS n (box, sequence)
     JOIN event e ON e.box = n.box AND e.sequence = n.sequence`,
    [all.map(({ append: group }) => group.box), all.map(({ event }) => event.sequence)],
  );
  const taken = new Set(rows.map(({ box, sequence }) => `${box}:${sequence}`));
  return groups.map(({ append: group, conflict }) => {
    const at = group.items.findIndex(({ event }) => {
      const key = event && `${group.box}:${event.sequence}`;
      if (key === undefined || taken.has(key)) return key !== undefined;
      taken.add(key);
      return false;
    });
    const sequence = at < 0 ? conflict : group.items[at]?.event?.sequence;
    const items = at < 0 ? group.items : group.items.slice(0, at);
    return { append: { ...group, items }, ...(sequence !== undefined && { conflict: sequence }) };
  });
}

/** The texts go as one parameter with a line each, which costs neither side an escape. */
async function insertRows(queries: Queries, placed: readonly Placed[], stored: number): Promise<void> {
  if (placed.length === 0) return;
  const line = ({ event, text }: Placed) => (text.includes('\n') ? JSON.stringify(event) : text);
  await queries.run(
    `INSERT INTO event (position, box, sequence, priority, site, type, subject, time, stored, json)
     SELECT position, box, sequence, priority, site, type, subject, time, $8, json
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::text[],
       $9::bigint[], string_to_array($10, E'\\n'))
       AS n (position, box, sequence, priority, site, type, subject, time, json)`,
    [
      placed.map(({ position }) => position),
      placed.map(({ append: group }) => group.box),
      placed.map(({ event }) => event.sequence),
      placed.map(({ append: group }) => rank(group.priority)),
      placed.map(({ append: group }) => group.site),
      placed.map(({ event }) => storable(event.type)),
      placed.map(({ event }) => (event.subject === undefined ? null : storable(event.subject))),
      stored,
      placed.map(({ event }) => Date.parse(event.time)),
      placed.map(line).join('\n'),
    ],
  );
}

async function insertTombstones(queries: Queries, cuts: readonly Cut[]): Promise<void> {
  for (const { append: group } of cuts)
    for (const { tombstone } of group.items)
      if (tombstone)
        await queries.run('INSERT INTO tombstone VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
          group.box,
          rank(group.priority),
          tombstone.from,
          JSON.stringify(tombstone),
        ]);
}

async function setWatermarks(
  queries: Queries,
  cuts: readonly Cut[],
  answers: readonly Appended[],
): Promise<void> {
  const newest = new Map<string, [box: string, priority: number, upto: number]>();
  cuts.forEach(({ append: { box, priority } }, i) => {
    const upto = answers[i]?.upto ?? 0;
    const key = `${box} ${priority}`;
    if (upto > (newest.get(key)?.[2] ?? 0)) newest.set(key, [box, rank(priority), upto]);
  });
  const rows = [...newest.values()];
  await queries.run(
    `INSERT INTO watermark SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[])
     ON CONFLICT (box, priority) DO UPDATE SET upto = greatest(watermark.upto, excluded.upto)`,
    [0, 1, 2].map((column) => rows.map((row) => row[column])),
  );
}
