import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';
import { BoxPage } from './box-page.tsx';
import { FleetTable } from './fleet-table.tsx';

/** Fleet, then box, then device. */
export function BoxesArea() {
  const screen = useScreen();
  const { box } = useStore(screen.address);
  const fleet = useStore(screen.fleet.shown);
  const found = fleet.boxes.find((each) => each.box === box);
  return (
    <div className="boxes" data-testid="boxes-area">
      {fleet.problem && (
        <div className="pad">
          <Problem problem={fleet.problem} onRetry={screen.fleet.catchUp} />
        </div>
      )}
      {box === undefined && <FleetTable fleet={fleet} />}
      {found && <BoxPage key={found.box} box={found} />}
      {box !== undefined && !found && fleet.status === 'ready' && (
        <p className="empty">
          No box <code>{box}</code> is known at this moment.{' '}
          <button type="button" className="button" onClick={() => screen.navigate({ box: undefined })}>
            All boxes
          </button>
        </p>
      )}
      {fleet.status === 'loading' && <p className="empty">Asking the hub …</p>}
    </div>
  );
}
