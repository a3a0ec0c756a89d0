import { cholesky, floored, Moments } from '../covariance.ts';
import { packed, triangleOf } from '../packed.ts';
import type { PictureTables } from '../tables.ts';

/** Things of one kind come in some colours: each kind is so many groups. */
const groups = 4;
const rounds = 20;
/** Features of bodies hardly vary within a group: less than this, as a deviation, is no difference. */
const leastDeviation = 0.05;

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, k) => sum + (value - (b[k] as number)) ** 2, 0);

const nearest = (means: readonly Float64Array[], row: Float64Array): number =>
  means.reduce(
    (best, mean, m) => (distance(mean, row) < distance(means[best] as Float64Array, row) ? m : best),
    0,
  );

function meanOf(rows: readonly Float64Array[], size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) =>
    rows.reduce((sum, row) => sum + (row[k] as number) / rows.length, 0),
  );
}

/** Rows in groups (Lloyd's algorithm), begun by the rows that are farthest from those before (Gonzalez): the same for the same rows. */
export function grouped(rows: readonly Float64Array[]): Float64Array[][] {
  const [first] = rows;
  if (!first) return [];
  let means = [meanOf(rows, first.length)];
  while (means.length < Math.min(groups, rows.length)) {
    const apart = rows.map((row) => Math.min(...means.map((mean) => distance(mean, row))));
    means.push(rows[apart.indexOf(Math.max(...apart))] as Float64Array);
  }
  for (let round = 0; round < rounds; round++) {
    const parts = means.map((_, m) => rows.filter((row) => nearest(means, row) === m));
    means = parts.map((part, m) =>
      part.length > 0 ? meanOf(part, first.length) : (means[m] as Float64Array),
    );
  }
  return means
    .map((_, m) => rows.filter((row) => nearest(means, row) === m))
    .filter((part) => part.length > 0);
}

/** Means of groups of each kind, and the covariance that all have in common. */
export function fitKinds(
  kinds: readonly { readonly label: string; readonly rows: readonly Float64Array[] }[],
  size: number,
): PictureTables['kinds'] {
  // Groups are told apart in deviations of all kinds together.
  const all = new Moments(size);
  for (const { rows } of kinds) for (const row of rows) all.add(row);
  const spread = Float64Array.from(
    { length: size },
    (_, k) => Math.sqrt(all.covariance()[k * (size + 1)] as number) || 1,
  );
  const found = kinds.flatMap(({ label, rows }) => {
    const scaled = new Map<Float64Array, Float64Array>(
      rows.map((row) => [row.map((value, k) => value / (spread[k] as number)), row]),
    );
    return grouped([...scaled.keys()]).map((part) => ({
      label,
      rows: part.map((row) => scaled.get(row) as Float64Array),
    }));
  });
  const within = new Moments(size);
  const means = found.map(({ rows }) => meanOf(rows, size));
  for (const [i, { rows }] of found.entries())
    for (const row of rows)
      within.add(row.map((value, k) => value - ((means[i] as Float64Array)[k] as number)));
  return {
    labels: found.map(({ label }) => label),
    means: packed(means.flatMap((mean) => [...mean])),
    lower: packed(triangleOf(cholesky(floored(within.covariance(), size, leastDeviation), size), size)),
  };
}
