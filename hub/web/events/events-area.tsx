import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';
import { EventFilters } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { useVisibleRows } from './use-visible-rows.ts';

/** Every event, newest first, with filters. */
export function EventsArea() {
  const screen = useScreen();
  const feed = useStore(screen.feed.feed);
  const skipped = useStore(screen.skipped);
  const rows = useVisibleRows();
  return (
    <div className="events" data-testid="events-area" aria-busy={feed.status === 'loading'}>
      <EventFilters shown={rows.length} />
      {skipped > 0 && (
        <p className="notice warn" role="status" data-testid="skipped">
          This screen read too slowly and the hub skipped {skipped} {skipped === 1 ? 'event' : 'events'} of
          the live stream. The list was asked for anew and is complete.
          <button type="button" className="button quiet" onClick={() => screen.skipped.set(0)}>
            Dismiss
          </button>
        </p>
      )}
      {feed.status === 'failed' && feed.problem && (
        <div className="pad">
          <Problem problem={feed.problem} onRetry={screen.feed.retry} />
        </div>
      )}
      {!(feed.status === 'failed' && feed.rows.length === 0) && <EventTable rows={rows} />}
    </div>
  );
}
