import { type Event, type Priority, priorities } from '#flows/event';
import type { StoredEvent } from '../../api/types.ts';
import type { Append, Appended } from '../store.ts';
import { createCounts } from './counts.ts';
import { type Insert, insertAll, type Queries, storable } from './database.ts';
import { checkpointsFollow, writeCheckpoints } from './flows.ts';
import { projectObjects } from './object-writer.ts';
import { projectScans } from './scan-writer.ts';

const rank = (priority: Priority): number => priorities.indexOf(priority);

/** Whether a commit failed because a number is taken. */
export const isTaken = (error: unknown): boolean => (error as { code?: unknown }).code === '23505';

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
 * Stores groups within one transaction, which holds the lock of appends. One hub at a time: positions then grow in the order of the commits, so
 * that who reads on from a position misses nothing. Numbers are hardly ever taken: that is looked into with `careful`
 * alone; without it such a commit fails as `isTaken`.
 */
export async function append(
  queries: Queries,
  appends: readonly Append[],
  storedAt: number,
  careful: boolean,
): Promise<Appended[]> {
  const { watermarks, position, clock } = await readPlace(queries, appends);
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
  const first = position + 1;
  // No event is dated before the clock of a flow that may have concluded from its absence.
  const stored = Math.max(storedAt, clock);
  const whole = appends.map((group) => ({ append: group }));
  const cuts: readonly Cut[] = careful ? await cutTaken(queries, whole) : whole;
  const placed = placeAll(cuts, first);
  await insertRows(queries, placed, stored);

  const counts = createCounts();
  for (const { event, append: group } of placed)
    counts.add(Date.parse(event.time), group.site, rank(group.priority));
  const objects = await projectObjects(queries, placed);
  await projectScans(queries, placed);
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
  await insertAll(queries, [counts.insert(), ...objects, tombstones(cuts), newWatermarks(cuts, answers)]);
  return answers;
}

interface Place {
  readonly position: number | null;
  readonly clock: number | null;
  readonly watermarks: readonly (readonly [box: string, priority: number, upto: number])[] | null;
}

/** How far boxes, the table and the clocks of flows are. */
async function readPlace(queries: Queries, appends: readonly Append[]) {
  const [row] = await queries.rows<Place>(
    `SELECT (SELECT max(position) FROM event) AS position, (SELECT max(clock) FROM flow_place) AS clock,
     (SELECT json_agg(json_build_array(box, priority, upto)) FROM watermark WHERE box = ANY($1)) AS watermarks`,
    [[...new Set(appends.map(({ box }) => box))]],
  );
  const { position, clock, watermarks } = row ?? { position: 0, clock: 0, watermarks: [] };
  return {
    position: position ?? 0,
    clock: clock ?? 0,
    watermarks: new Map((watermarks ?? []).map(([box, priority, upto]) => [`${box} ${priority}`, upto])),
  };
}

const placeAll = (cuts: readonly Cut[], first: number): Placed[] => {
  let position = first;
  return cuts.flatMap(({ append: group }) =>
    group.items.flatMap(({ event, text }) =>
      event ? [{ event, text: text ?? JSON.stringify(event), position: position++, append: group }] : [],
    ),
  );
};

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

const tombstones = (cuts: readonly Cut[]): Insert => ({
  table: 'tombstone',
  types: ['text', 'smallint', 'bigint', 'text'],
  rows: cuts.flatMap(({ append: { box, priority, items } }) =>
    items.flatMap(({ tombstone }) =>
      tombstone ? [[box, rank(priority), tombstone.from, JSON.stringify(tombstone)]] : [],
    ),
  ),
  after: 'ON CONFLICT DO NOTHING',
});

function newWatermarks(cuts: readonly Cut[], answers: readonly Appended[]): Insert {
  const newest = new Map<string, [box: string, priority: number, upto: number]>();
  cuts.forEach(({ append: { box, priority } }, i) => {
    const upto = answers[i]?.upto ?? 0;
    const key = `${box} ${priority}`;
    if (upto > (newest.get(key)?.[2] ?? 0)) newest.set(key, [box, rank(priority), upto]);
  });
  return {
    table: 'watermark',
    types: ['text', 'smallint', 'bigint'],
    rows: [...newest.values()],
    after: 'ON CONFLICT (box, priority) DO UPDATE SET upto = greatest(watermark.upto, excluded.upto)',
  };
}
