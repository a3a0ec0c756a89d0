import type { StoredEvent } from './types.ts';

/**
 * An event as it goes where many go. The picture in it is up to some tens of kilobytes that few look at: it has an
 * address of its own (GET /scans/:box/:scan/thumbnail), and the event by itself is whole.
 */
export function slim(stored: StoredEvent): StoredEvent {
  const { event } = stored;
  if (event.type !== 'quaywatch.scan.completed' || event.data.thumbnail === undefined) return stored;
  const { thumbnail: _, ...data } = event.data;
  return { ...stored, event: { ...event, data } };
}
