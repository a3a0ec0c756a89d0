import type { Event } from '#hub/api/types';

/** The scan that an event is about: events of scans, and verdicts and findings that rest on one, name it. */
export function scanOf({ data }: Pick<Event, 'data'>): string | undefined {
  return typeof data.scan === 'string' && data.scan !== '' ? data.scan : undefined;
}
