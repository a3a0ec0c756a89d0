import type { ScanDetail } from '#hub/api/types';
import { length } from '../draw/view.ts';
import type { ScanLook } from '../look.ts';
import { percent, transmissionOf } from '../pixels/depth.ts';
import { planesOf, viewOfLook } from '../planes.ts';
import { profileOf } from './measure.ts';
import type { SetLook } from './use-look.ts';
import type { Pixels } from './use-pixels.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly pixels: Pixels;
  readonly look: ScanLook;
  readonly setLook: SetLook;
}

/** Transmission along the measured line, on a log scale: dense is down, as dense is dark. */
export function ProfileStrip({ scan, pixels, look, setLook }: Props) {
  if (!look.line || !pixels.store) return null;
  const plane = viewOfLook(look, scan) === 'low' ? planesOf(scan).low : planesOf(scan).high;
  const { depths, lengthPx } = profileOf(pixels.store, plane, look.line, scan.airLevel);
  const known = depths.filter(Number.isFinite);
  const most = Math.max(0.2, ...known);
  const y = (depth: number) => 4 + (Math.max(0, depth) / most) * 52;
  let pen = 'M';
  const path = depths
    .map((depth, i) => {
      if (!Number.isFinite(depth)) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${((i / (depths.length - 1)) * 1000).toFixed(1)} ${y(depth).toFixed(2)}`;
      pen = 'L';
      return point;
    })
    .join('');
  return (
    <div className="density-strip profile" data-testid="profile">
      <svg
        viewBox="0 0 1000 60"
        preserveAspectRatio="none"
        role="img"
        aria-label="Transmission along the line"
      >
        <path className="air" d="M0 4H1000" />
        <path className="course" d={path} />
      </svg>
      <div className="ticks">
        <span style={{ left: '0%' }}>0</span>
        <span className="label">
          Profile over {length(lengthPx * scan.pixelMm)}: 100 % down to {percent(transmissionOf(most))}{' '}
          transmission
        </span>
        <span style={{ left: '100%' }}>{length(lengthPx * scan.pixelMm)}</span>
      </div>
      <button type="button" className="button quiet" onClick={() => setLook({ line: undefined })}>
        Away (m)
      </button>
    </div>
  );
}
