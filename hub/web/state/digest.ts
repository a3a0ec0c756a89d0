import type { BoxView, LiveMessage, ObjectState, ScanView, StoredEvent } from '#hub/api/types';

/** What a group of live messages comes to. */
export interface Digest {
  readonly events: readonly StoredEvent[];
  /** The newest state of each object. */
  readonly objects: ReadonlyMap<string, ObjectState>;
  readonly boxes: ReadonlyMap<string, BoxView>;
  /** The newest word of each scan, by `scanName`. */
  readonly scans: ReadonlyMap<string, ScanView>;
  /** Events that the hub could not hand over to this screen. */
  readonly skipped: number;
  /** Something was missed: lists must be asked for anew. */
  readonly refetch: boolean;
  /** The map's layers have changed. */
  readonly map: boolean;
  /** A watch list has changed. */
  readonly watch: boolean;
  /** The hub's clock, ms, as last told. */
  readonly time?: number;
  /** Highest place in the hub's order that was seen. */
  readonly position: number;
}

/**
 * Folds live messages. `position` is the highest place seen before them, 0 at the start: a `hello`
 * beyond it means that events were stored while the link was down.
 */
export function digest(messages: readonly LiveMessage[], position: number): Digest {
  const events: StoredEvent[] = [];
  const objects = new Map<string, ObjectState>();
  const boxes = new Map<string, BoxView>();
  const scans = new Map<string, ScanView>();
  let skipped = 0;
  let refetch = false;
  let map = false;
  let watch = false;
  let time: number | undefined;
  let highest = position;
  for (const message of messages) {
    switch (message.kind) {
      case 'hello':
        refetch ||= message.position !== highest;
        highest = Math.max(highest, message.position);
        time = Date.parse(message.time);
        break;
      case 'event':
        events.push(message.event);
        highest = Math.max(highest, message.event.position);
        break;
      case 'objects':
        for (const object of message.objects) keepNewer(objects, object);
        break;
      case 'box':
        boxes.set(message.box.box, message.box);
        break;
      case 'scan':
        scans.set(scanName(message.scan), message.scan);
        break;
      case 'map':
        map = true;
        break;
      case 'watch':
        watch = true;
        break;
      case 'skipped':
        skipped += message.events;
        refetch = true;
        break;
      case 'tick':
        time = Date.parse(message.time);
        break;
    }
  }
  return {
    events,
    objects,
    boxes,
    scans,
    skipped,
    refetch,
    map,
    watch,
    position: highest,
    ...(time !== undefined && Number.isFinite(time) ? { time } : {}),
  };
}

/** One name for a scan of any box. */
export const scanName = ({ box, scan }: { readonly box: string; readonly scan: string }): string =>
  `${box}/${scan}`;

/** Puts `object` into the map unless what is there is newer. Says whether it did. */
export function keepNewer(objects: Map<string, ObjectState>, object: ObjectState): boolean {
  const known = objects.get(object.object);
  if (known && Date.parse(known.time) > Date.parse(object.time)) return false;
  objects.set(object.object, object);
  return true;
}
