import { count } from '../format/number.ts';
import { utcMoment } from '../format/time.ts';
import type { Feed } from '../state/feed.ts';

/** The end of the list: loading, all there is, nothing at all, or more to ask for. */
export function ListEnd({ feed, shown, onOlder }: { feed: Feed; shown: number; onOlder: () => void }) {
  const oldest = feed.rows.at(-1);
  if (feed.status === 'loading' && feed.rows.length === 0) return <p className="empty">Asking the hub …</p>;
  if (feed.rows.length === 0)
    return (
      <p className="empty" data-testid="no-events">
        No event fits. Widen the filters, or go to another moment.
      </p>
    );
  const back = oldest ? utcMoment(Date.parse(oldest.event.time)) : '';
  if (feed.complete)
    return <p className="empty">{shown === 0 ? 'No event has these words.' : 'That is all there is.'}</p>;
  const loaded =
    shown === 0
      ? `None of ${count(feed.rows.length)} events back to ${back} has these words. `
      : `Loaded back to ${back}. `;
  return (
    <p className="empty">
      {feed.loadingOlder ? 'Asking for older events …' : loaded}
      {!feed.loadingOlder && (
        <button type="button" className="button" data-testid="older" onClick={onOlder}>
          Older
        </button>
      )}
    </p>
  );
}
