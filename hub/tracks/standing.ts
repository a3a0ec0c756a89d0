import type { Event } from '#flows/event';

/** Events that stand: neither withdrawn nor superseded by another of them. */
export function standing(events: readonly Event[]): Event[] {
  const superseded = new Set(events.flatMap(({ supersedes }) => supersedes ?? []));
  return events.filter(({ id, data }) => data.retracted !== true && !superseded.has(id));
}
