import type { Event } from '#hub/api/types';
import { objectOf } from '../format/object-of.ts';
import { scanOf } from '../format/scan-of.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { allEvents, type Selection } from '../state/address.ts';
import { useStore } from '../state/store.ts';

/** From an event to its evidence: on the map at its moment, its object, its box. */
export function EventActions({ event }: { event: Event }) {
  const screen = useScreen();
  const layers = useStore(screen.layers);
  // What the hub itself concludes comes from none.
  const boxes = useStore(screen.fleet.live);
  const fence = typeof event.data.fence === 'string' ? event.data.fence : undefined;
  const fenceKnown = layers?.fences.features.some((f) => f.properties?.id === fence) ?? false;
  const object = objectOf(event);
  const target: Selection | undefined = object
    ? { kind: 'object', id: object }
    : fence
      ? { kind: 'fence', id: fence }
      : undefined;
  const at = Date.parse(event.time);
  const scan = scanOf(event);
  return (
    <div className="actions">
      {scan !== undefined && (
        <button
          type="button"
          className="button"
          data-testid="open-scan"
          onClick={() =>
            screen.navigate({
              area: 'scans',
              box: undefined,
              selection: undefined,
              scan: { box: event.box, scan },
              look: undefined,
            })
          }
        >
          Open the scan
        </button>
      )}
      <button
        type="button"
        className="button"
        data-testid="show-on-map"
        onClick={() =>
          // The second after, so that the event itself is part of what is shown.
          screen.moveTime(
            { kind: 'go', at: at + 1000 },
            { area: 'live', selection: target, box: undefined, view: undefined },
          )
        }
      >
        Show on map at that moment
      </button>
      {event.subject && (
        <button
          type="button"
          className="button"
          onClick={() =>
            screen.navigate({
              area: 'events',
              box: undefined,
              filters: { ...allEvents, subject: event.subject as string },
            })
          }
        >
          All of {event.subject}
        </button>
      )}
      {fence && fenceKnown && (
        <button
          type="button"
          className="button"
          onClick={() =>
            screen.navigate({ area: 'live', box: undefined, selection: { kind: 'fence', id: fence } })
          }
        >
          Fence
        </button>
      )}
      {boxes.some(({ box }) => box === event.box) && (
        <button
          type="button"
          className="button"
          onClick={() => screen.navigate({ area: 'boxes', box: event.box, selection: undefined })}
        >
          Box
        </button>
      )}
    </div>
  );
}
