import { cellOf, stretchOf, type Visit, type VisitStore } from '../visits.ts';
import type { Sql } from './open.ts';

/** Which objects were in a cell in a stretch: one descent a range. */
export function createVisitStore(sql: Sql): VisitStore {
  const find = sql.prepare<[number, number, number, number], { object: string; stretch: number }>(
    `SELECT n.text AS object, v.stretch FROM visit v JOIN name n ON n.id = v.object
     WHERE v.cell = ? AND v.stretch BETWEEN ? AND ? ORDER BY v.stretch DESC LIMIT ?`,
  );
  return {
    async within(ranges, limit) {
      const found: Visit[] = [];
      for (const { cell, from, to } of ranges) {
        if (found.length >= limit) break;
        for (const row of find.all(cell, from, to, limit - found.length)) found.push({ ...row, cell });
      }
      return found;
    },
  };
}

/** More objects than this are written anew, which changes nothing. */
const limit = 100_000;

/** Notes in which cell an object was when; the caller holds the transaction, and calls `forget` when it was rolled back. */
export function createVisitWriter(sql: Sql) {
  const insert = sql.prepare(
    'INSERT INTO visit (cell, stretch, object) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const last = new Map<number, { readonly cell: number; readonly stretch: number }>();
  return {
    write(object: number, time: number, lon: number, lat: number): void {
      const cell = cellOf(lon, lat);
      const stretch = stretchOf(time);
      const before = last.get(object);
      if (before?.cell === cell && before.stretch === stretch) return;
      if (last.size > limit) last.clear();
      last.set(object, { cell, stretch });
      insert.run(cell, stretch, object);
    },
    forget: () => last.clear(),
  };
}
