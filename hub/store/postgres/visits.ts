import type { Visit, VisitStore } from '../visits.ts';
import type { Queries } from './database.ts';

/** Which objects were in a cell in a stretch. */
export const createVisitStore = (database: Queries): VisitStore => ({
  within: (ranges, limit) =>
    database.rows<Visit>(
      `SELECT v.object, v.cell, v.stretch FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS r (cell, a, z)
       JOIN visit v ON v.cell = r.cell AND v.stretch BETWEEN r.a AND r.z ORDER BY v.stretch DESC LIMIT $4`,
      [ranges.map(({ cell }) => cell), ranges.map(({ from }) => from), ranges.map(({ to }) => to), limit],
    ),
});
