import type { LinkStatus } from '../api/socket.ts';
import { shortDuration, utcMoment } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useStore } from '../state/store.ts';

/** Whether this screen hears the hub, in word and shape. */
export function Connection() {
  const screen = useScreen();
  const link = useStore(screen.link);
  const offset = useStore(screen.offset);
  const now = useStore(screen.present) - offset;
  const since = `since ${utcMoment(link.since + offset)}`;
  const skew =
    Math.abs(offset) > 2000 ? ` This machine's clock is off by ${shortDuration(Math.abs(offset))}.` : '';
  return (
    <div className="connection" role="status" data-testid="connection" data-state={link.state}>
      <StateWord
        look={look(link)}
        word={word(link, now)}
        title={`Live stream of the hub, ${since}.${skew}`}
      />
    </div>
  );
}

const look = ({ state }: LinkStatus) => (state === 'open' ? 'good' : state === 'lost' ? 'alarm' : 'waiting');

function word(link: LinkStatus, now: number): string {
  if (link.state === 'open') return 'Hub live';
  if (link.state === 'connecting') return 'Connecting';
  return `Hub lost ${shortDuration(now - link.since)}`;
}
