import type { Projection } from '../projection.ts';
import type { Names, Sql } from './open.ts';

interface Seen {
  first: number;
  last: number;
  kind: string | undefined;
}

/** Writes what events say of objects; the caller holds the transaction and calls `flush` at its end. */
export function createObjectWriter(sql: Sql, names: Names) {
  const fix = sql.prepare(
    `INSERT INTO fix (object, time, box, lon, lat, speed_kph, course_deg, quality)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET box = excluded.box, lon = excluded.lon,
     lat = excluded.lat, speed_kph = excluded.speed_kph, course_deg = excluded.course_deg,
     quality = excluded.quality`,
  );
  // A seal that rides on a known vehicle does not make the vehicle a seal.
  const object = sql.prepare(
    `INSERT INTO object (id, kind, first, last) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     first = min(first, excluded.first), last = max(last, excluded.last),
     kind = CASE WHEN excluded.kind IN ('seal', 'other') THEN kind ELSE excluded.kind END`,
  );
  const objectBox = sql.prepare('INSERT INTO object_box (object, box) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const seal = sql.prepare(
    `INSERT INTO seal_change (object, time, position, state, container) VALUES (?, ?, ?, ?, ?)`,
  );
  const fence = sql.prepare(
    `INSERT INTO fence_change (object, time, position, fence, inside, fences) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const fencesBefore = sql.prepare<[number, number, number], { fences: string }>(
    `SELECT fences FROM fence_change WHERE object = ? AND (time, position) < (?, ?)
     ORDER BY time DESC, position DESC LIMIT 1`,
  );
  const fencesAfter = sql.prepare<
    [number, number, number],
    { time: number; position: number; fence: string; inside: number }
  >(
    `SELECT time, position, fence, inside FROM fence_change
     WHERE object = ? AND (time, position) > (?, ?) ORDER BY time, position`,
  );
  const setFences = sql.prepare(
    'UPDATE fence_change SET fences = ? WHERE object = ? AND time = ? AND position = ?',
  );
  const dropFence = sql.prepare('DELETE FROM fence_change WHERE object = ? AND time = ? AND position = ?');
  const dropSeal = sql.prepare('DELETE FROM seal_change WHERE object = ? AND time = ? AND position = ?');

  const seen = new Map<number, Seen>();
  const pairs = new Set<string>();

  const before = (id: number, time: number, position: number): string[] =>
    JSON.parse(fencesBefore.get(id, time, position)?.fences ?? '[]') as string[];
  const change = (fences: readonly string[], name: string, inside: boolean): string[] =>
    inside ? [...new Set([...fences, name])].sort() : fences.filter((other) => other !== name);

  /** Late data: what lies after it is told anew from there on. */
  function retell(id: number, time: number, position: number, from: string[]): void {
    let fences = from;
    for (const row of fencesAfter.all(id, time, position)) {
      fences = change(fences, row.fence, row.inside === 1);
      setFences.run(JSON.stringify(fences), id, row.time, row.position);
    }
  }

  return {
    write(projection: Projection, box: string, position: number): void {
      const { time } = projection;
      const id = names.number(projection.object);
      const boxId = names.number(box);
      const known = seen.get(id);
      const kind = projection.fix?.kind ?? (projection.seal ? 'seal' : 'other');
      if (known) {
        known.first = Math.min(known.first, time);
        known.last = Math.max(known.last, time);
        if (kind === 'vehicle' || kind === 'vessel') known.kind = kind;
      } else seen.set(id, { first: time, last: time, kind });
      const pair = `${id} ${boxId}`;
      if (!pairs.has(pair)) {
        if (pairs.size > 100_000) pairs.clear();
        pairs.add(pair);
        objectBox.run(id, boxId);
      }
      if (projection.fix) {
        const { lon, lat, speedKph, courseDeg, quality } = projection.fix;
        const said = quality === 'good' ? null : quality;
        fix.run(id, time, boxId, lon, lat, speedKph ?? null, courseDeg ?? null, said);
      }
      if (projection.seal)
        seal.run(id, time, position, projection.seal.state, projection.seal.container ?? null);
      if (projection.fence) {
        const { id: name, inside } = projection.fence;
        const fences = change(before(id, time, position), name, inside);
        fence.run(id, time, position, name, inside ? 1 : 0, JSON.stringify(fences));
        retell(id, time, position, fences);
      }
    },
    /** Takes back what a superseded event had said of fences and seals. */
    withdraw(projection: Projection, position: number): void {
      const id = names.find(projection.object);
      if (id === undefined) return;
      if (projection.seal) dropSeal.run(id, projection.time, position);
      if (projection.fence && dropFence.run(id, projection.time, position).changes > 0)
        retell(id, projection.time, position, before(id, projection.time, position));
    },
    flush(): void {
      for (const [id, { kind, first, last }] of seen) object.run(id, kind ?? 'other', first, last);
      seen.clear();
    },
    forget(): void {
      seen.clear();
      pairs.clear();
    },
  };
}
export type ObjectWriter = ReturnType<typeof createObjectWriter>;
