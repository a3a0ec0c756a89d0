import { useEffect, useRef } from 'react';
import type { ScanView } from '#hub/api/types';
import { useScreen } from '../../parts/screen-context.tsx';
import { sameScan } from '../../state/address.ts';
import { length } from '../draw/view.ts';
import { grey, wholeWindow } from '../draw/window.ts';
import { depthTable } from '../pixels/depth.ts';
import { planesOf } from '../planes.ts';

/** Length that a card has room for, as a multiple of the scan's height: a truck with its trailer. */
const aspect = 3.4;
/** Dots along the height: enough for a card. */
const height = 120;

/** A live scan on its card, growing as its lines come. */
export function LiveThumbnail({ scan }: { scan: ScanView }) {
  const screen = useScreen();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { box, scan: id, rows, airLevel, pixelMm } = scan;
  const { high } = planesOf(scan);
  useEffect(() => {
    const place = canvas.current;
    const context = place?.getContext('2d');
    if (!place || !context) return;
    const levels = depthTable(airLevel).map((depth) => 255 * grey(wholeWindow, depth, 1, false));
    const scale = height / rows;
    return screen.scans.onStrip(({ header, samples }) => {
      if (!sameScan(header, { box, scan: id })) return;
      const planes = header.planes.length;
      const picture = context.createImageData(header.columns, header.rows);
      for (let x = 0; x < header.columns; x++)
        for (let y = 0; y < header.rows; y++) {
          const level = levels[samples[(x * planes + high) * header.rows + y] as number] as number;
          const at = (y * header.columns + x) * 4;
          picture.data[at] = picture.data[at + 1] = picture.data[at + 2] = level;
          picture.data[at + 3] = 255;
        }
      void drawStrip(context, picture, header.column0 * scale, header.columns * header.step * scale);
    });
  }, [screen, box, id, rows, airLevel, high]);
  return (
    <span className="thumbnail">
      <canvas ref={canvas} className="live-canvas" width={Math.round(height * aspect)} height={height} />
      <strong className="tag live-word">
        ● {scan.columns > 0 ? `${length(scan.columns * pixelMm)} and growing` : 'growing'}
      </strong>
    </span>
  );
}

/** Scaled down on its way into the card. */
async function drawStrip(
  context: CanvasRenderingContext2D,
  picture: ImageData,
  left: number,
  width: number,
): Promise<void> {
  const bitmap = await createImageBitmap(picture);
  // Half a dot more, so that no seam is left between strips.
  context.drawImage(bitmap, left, 0, width + 0.5, height);
  bitmap.close();
}
