import { shortDuration, utcTime } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useStore } from '../state/store.ts';

/** Across the work while the hub is not heard: nothing below it is newer than that. */
export function DeadLink() {
  const screen = useScreen();
  const link = useStore(screen.link);
  const offset = useStore(screen.offset);
  const now = useStore(screen.present) - offset;
  if (link.state !== 'lost' || now - link.since < 1500) return null;
  const wait = link.retryAt === undefined ? 0 : link.retryAt - now;
  return (
    <div className="dead-link" role="alert" data-testid="dead-link">
      <StateMark look="alarm" />
      <span>
        <strong>The hub is not heard.</strong> What is shown ended at {utcTime(link.since + offset)} UTC,{' '}
        {shortDuration(now - link.since)} ago. Trying again{' '}
        {wait > 1000 ? `in ${shortDuration(wait)}` : 'now'}.
      </span>
    </div>
  );
}
