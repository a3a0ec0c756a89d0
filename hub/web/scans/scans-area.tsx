import { useScreen } from '../parts/screen-context.tsx';
import { useSelected } from '../state/store.ts';
import { Gallery } from './gallery/gallery.tsx';
import { ScanViewer } from './viewer/scan-viewer.tsx';

/** The gallery of scans, or the one that is open. */
export function ScansArea() {
  const open = useSelected(useScreen().address, (address) => address.scan);
  return (
    <div className="scans" data-testid="scans-area">
      {open ? <ScanViewer key={`${open.box}/${open.scan}`} open={open} /> : <Gallery />}
    </div>
  );
}
