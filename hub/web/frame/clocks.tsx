import { localTime, utcTime } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

/** The present by the hub's clock: UTC, and what the wall clock of this room says. */
export function Clocks() {
  const now = useStore(useScreen().present);
  const local = localTime(now);
  return (
    <div>
      <div className="clocks" data-testid="clocks">
        <span className="utc">{utcTime(now)} UTC</span>
        <span className="local">
          {local.zone === 'UTC' ? 'local time is UTC' : `${local.time} ${local.zone}`}
        </span>
      </div>
    </div>
  );
}
