import { DeviceDetail } from '../boxes/device-detail.tsx';
import { EventDetail } from '../events/event-detail.tsx';
import { FenceDetail } from '../map/fence-detail.tsx';
import { ObjectDetail } from '../map/object-detail.tsx';
import { Icon } from '../parts/icon.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { ScanDetailPanel } from '../scans/detail/scan-detail.tsx';
import type { Selection } from '../state/address.ts';
import { useStore } from '../state/store.ts';
import { Situation } from './situation.tsx';

/** The selection's detail; with nothing selected, what is abnormal in the whole port. */
export function Detail() {
  const screen = useScreen();
  const { selection, area, scan } = useStore(screen.address);
  const open = area === 'scans' && scan !== undefined && !selection;
  return (
    <aside className="detail" aria-label="Detail" data-testid="detail">
      <header>
        <h2>{open ? 'Scan' : title(selection)}</h2>
        {selection && (
          <button
            type="button"
            className="button quiet icon"
            aria-label="Drop the selection (Esc)"
            title="Drop the selection (Esc)"
            data-testid="deselect"
            onClick={() => screen.navigate({ selection: undefined })}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      <div className="body">
        {!selection && !open && <Situation />}
        {(open || selection?.kind === 'scan') && <ScanDetailPanel />}
        {selection?.kind === 'object' && <ObjectDetail key={selection.id} id={selection.id} />}
        {selection?.kind === 'fence' && <FenceDetail key={selection.id} id={selection.id} />}
        {selection?.kind === 'event' && (
          <EventDetail
            key={`${selection.box}:${selection.sequence}`}
            box={selection.box}
            sequence={selection.sequence}
          />
        )}
        {selection?.kind === 'device' && (
          <DeviceDetail
            key={`${selection.box}:${selection.node}`}
            box={selection.box}
            node={selection.node}
          />
        )}
      </div>
    </aside>
  );
}

function title(selection: Selection | undefined): string {
  switch (selection?.kind) {
    case undefined:
      return 'Situation';
    case 'object':
      return selection.id;
    case 'fence':
      return 'Fence';
    case 'event':
      return 'Event';
    case 'device':
      return 'Device';
    case 'scan':
      return 'Scan';
  }
}
