import type { ScanDetail } from '#hub/api/types';
import { scanPath } from '../../state/scan-model.ts';
import { type Size, toScreen, type View } from '../draw/view.ts';
import type { PixelStore } from '../pixels/store.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly columns: number;
  readonly view: View;
  readonly size: Size;
  readonly store: PixelStore | undefined;
}

/** The scan's place below its pixels: hatched where none have come; until any have, the small picture that came along. */
export function MissingPixels({ scan, columns, view, size, store }: Props) {
  const corner = toScreen(view, size, { x: 0, y: 0 });
  const none = !store || store.bytes() === 0;
  return (
    <span
      className="scan-missing"
      style={{
        left: corner.x,
        top: corner.y,
        width: columns * view.zoom,
        height: scan.rows * view.zoom,
      }}
    >
      {none && scan.thumbnail && <img src={`/api/v1${scanPath(scan)}/thumbnail`} alt="" draggable={false} />}
    </span>
  );
}
