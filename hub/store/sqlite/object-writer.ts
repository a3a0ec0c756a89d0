import type { Projection } from '../projection.ts';
import { createFenceWriter } from './fence-writer.ts';
import type { Names, Sql } from './open.ts';
import { createVisitWriter } from './visits.ts';

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
  const fences = createFenceWriter(sql);
  const visits = createVisitWriter(sql);
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
  const dropSeal = sql.prepare('DELETE FROM seal_change WHERE object = ? AND time = ? AND position = ?');

  const seen = new Map<number, Seen>();
  const pairs = new Set<string>();

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
        visits.write(id, time, lon, lat);
        const said = quality === 'good' ? null : quality;
        fix.run(id, time, boxId, lon, lat, speedKph ?? null, courseDeg ?? null, said);
      }
      if (projection.seal)
        seal.run(id, time, position, projection.seal.state, projection.seal.container ?? null);
      if (projection.fence) fences.write(id, time, position, projection.fence);
    },
    /** Takes back what a superseded event had said of fences and seals. */
    withdraw(projection: Projection, position: number): void {
      const id = names.find(projection.object);
      if (id === undefined) return;
      if (projection.seal) dropSeal.run(id, projection.time, position);
      if (projection.fence) fences.withdraw(id, projection.time, position);
    },
    flush(): void {
      for (const [id, { kind, first, last }] of seen) object.run(id, kind ?? 'other', first, last);
      seen.clear();
      fences.flush();
    },
    forget(): void {
      seen.clear();
      pairs.clear();
      fences.forget();
      visits.forget();
    },
  };
}
export type ObjectWriter = ReturnType<typeof createObjectWriter>;
