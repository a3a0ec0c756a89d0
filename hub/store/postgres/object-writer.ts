import type { Event } from '#flows/event';
import { type Projection, project } from '../projection.ts';
import { cellOf, stretchOf } from '../visits.ts';
import type { Placed } from './append.ts';
import { type Insert, type Queries, storable } from './database.ts';
import { createFences } from './fence-writer.ts';

interface Seen {
  first: number;
  last: number;
  kind: string;
}

/** What events say of objects, as rows to insert; what they withdraw is deleted. The caller holds the transaction. */
export async function projectObjects(queries: Queries, placed: readonly Placed[]): Promise<Insert[]> {
  const seen = new Map<string, Seen>();
  const boxes = new Map<string, [object: string, box: string]>();
  const fixes = new Map<string, readonly unknown[]>();
  const seals = new Map<number, readonly unknown[]>();
  const visits = new Map<string, readonly unknown[]>();
  const fences = createFences();

  function take(projection: Projection, box: string, position: number): void {
    const { time, fix, seal, fence } = projection;
    const object = storable(projection.object);
    const kind = fix?.kind ?? (seal ? 'seal' : 'other');
    const known = seen.get(object);
    if (known) {
      known.first = Math.min(known.first, time);
      known.last = Math.max(known.last, time);
      if (kind === 'vehicle' || kind === 'vessel') known.kind = kind;
    } else seen.set(object, { first: time, last: time, kind });
    boxes.set(`${box} ${object}`, [object, box]);
    if (fix) {
      const { lon, lat, speedKph = null, courseDeg = null, quality } = fix;
      const said = quality === 'good' ? null : storable(quality);
      const [cell, stretch] = [cellOf(lon, lat), stretchOf(time)];
      visits.set(`${cell} ${stretch} ${object}`, [cell, stretch, object]);
      fixes.set(`${time} ${object}`, [object, time, box, lon, lat, speedKph, courseDeg, said]);
    }
    if (seal) {
      const container = seal.container === undefined ? null : storable(seal.container);
      seals.set(position, [object, time, position, storable(seal.state), container]);
    }
    if (fence) fences.add(object, { time, position, fence: storable(fence.id), inside: fence.inside });
  }

  for (const { event, position, append } of placed) {
    if (event.supersedes !== undefined) {
      const before = await superseded(queries, event.supersedes);
      if (before?.projection.seal && !seals.delete(before.position))
        await queries.run('DELETE FROM seal_change WHERE object = $1 AND time = $2 AND position = $3', [
          storable(before.projection.object),
          before.projection.time,
          before.position,
        ]);
      if (before?.projection.fence)
        fences.withdraw(storable(before.projection.object), before.projection.time, before.position);
    }
    const projection = project(event);
    if (projection) take(projection, append.box, position);
  }
  return [
    {
      table: 'object AS o',
      types: ['text', 'text', 'bigint', 'bigint'],
      rows: [...seen].map(([id, { kind, first, last }]) => [id, kind, first, last]),
      // A seal that rides on a known vehicle does not make the vehicle a seal.
      after: `ON CONFLICT (id) DO UPDATE SET first = least(o.first, excluded.first), last = greatest(o.last, excluded.last),
       kind = CASE WHEN excluded.kind IN ('seal', 'other') THEN o.kind ELSE excluded.kind END`,
    },
    {
      table: 'object_box',
      types: ['text', 'text'],
      rows: [...boxes.values()],
      after: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'fix',
      types: ['text', 'bigint', 'text', 'float8', 'float8', 'float8', 'float8', 'text'],
      rows: [...fixes.values()],
      after: `ON CONFLICT (object, time) DO UPDATE SET box = excluded.box, lon = excluded.lon, lat = excluded.lat,
       speed_kph = excluded.speed_kph, course_deg = excluded.course_deg, quality = excluded.quality`,
    },
    {
      table: 'visit',
      types: ['bigint', 'bigint', 'text'],
      rows: [...visits.values()],
      after: 'ON CONFLICT DO NOTHING',
    },
    { table: 'seal_change', types: ['text', 'bigint', 'bigint', 'text', 'text'], rows: [...seals.values()] },
    ...(await fences.inserts(queries)),
  ];
}

async function superseded(queries: Queries, id: string) {
  const colon = id.lastIndexOf(':');
  const sequence = Number(id.slice(colon + 1));
  if (colon < 0 || !Number.isSafeInteger(sequence)) return undefined;
  const [row] = await queries.rows<{ position: number; json: string }>(
    'SELECT position, json FROM event WHERE box = $1 AND sequence = $2',
    [id.slice(0, colon), sequence],
  );
  const projection = row && project(JSON.parse(row.json) as Event);
  return row && projection && { projection, position: row.position };
}
