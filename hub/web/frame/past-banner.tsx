import { duration, utcMoment } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

/** Across the work while a past moment is shown. */
export function PastBanner() {
  const screen = useScreen();
  const cursor = useStore(screen.cursor);
  const now = useStore(screen.present);
  const { missed } = useStore(screen.alarms.alarms);
  if (cursor.mode === 'live') return null;
  return (
    <div className="past-banner" role="status" data-testid="past-banner">
      <span className="tag">PAST</span>
      <span className="text">
        Shown as it was at <strong>{utcMoment(cursor.at)}</strong>, {duration(now - cursor.at)} ago
        {cursor.playing ? `, playing at ${cursor.speed}×` : ''}
        {missed > 0 && (
          <strong className="alarm">
            {' '}
            · {missed} new {missed === 1 ? 'alarm' : 'alarms'} since, live
          </strong>
        )}
      </span>
      <button type="button" className="button" onClick={() => screen.moveTime({ kind: 'live' })}>
        Back to live <kbd>l</kbd>
      </button>
    </div>
  );
}
