import type { StoredEvent } from '#hub/api/types';

/** Of these events those that others of them correct or withdraw, by id, each with what stands in its place now. */
export function replacedBy(rows: Iterable<StoredEvent>): ReadonlyMap<string, StoredEvent> {
  const next = new Map<string, StoredEvent>();
  for (const row of rows) {
    const before = row.event.supersedes;
    if (before !== undefined) next.set(before, later(next.get(before), row));
  }
  const last = (row: StoredEvent, seen: ReadonlySet<string>): StoredEvent => {
    const after = next.get(row.event.id);
    return after && !seen.has(after.event.id) ? last(after, new Set(seen).add(after.event.id)) : row;
  };
  return new Map([...next].map(([id, row]) => [id, last(row, new Set([id]))]));
}

/** The events that stand: one that was corrected gives way to its correction; one that was withdrawn says so once. */
export function standing(rows: readonly StoredEvent[]): readonly StoredEvent[] {
  const replaced = replacedBy(rows);
  return replaced.size === 0 ? rows : rows.filter(({ event }) => !replaced.has(event.id));
}

/** A chain may fork where a box was restored; the hub's order says which came last. */
const later = (a: StoredEvent | undefined, b: StoredEvent): StoredEvent =>
  a && a.position > b.position ? a : b;
