import { useState } from 'react';
import type { ScanDetail } from '#hub/api/types';
import { useCommand } from '../../frame/use-command.ts';
import { Problem } from '../../parts/problem.tsx';
import { usePast, useScreen } from '../../parts/screen-context.tsx';
import { type ScanKey, sameScan } from '../../state/address.ts';
import { useStore } from '../../state/store.ts';
import type { Point } from '../draw/view.ts';
import { wholeWindow } from '../draw/window.ts';
import { viewOfLook } from '../planes.ts';
import { useScanShown } from '../use-scan-shown.ts';
import { DensityStrip } from './density-strip.tsx';
import { Picture } from './picture.tsx';
import { PixelState } from './pixel-state.tsx';
import { ProfileStrip } from './profile-strip.tsx';
import { Readout } from './readout.tsx';
import { ScanHeader } from './scan-header.tsx';
import { Toolbar } from './toolbar.tsx';
import { carried, useLook } from './use-look.ts';
import { usePixels } from './use-pixels.ts';
import { ViewLegend } from './view-legend.tsx';

/** One scan, large. */
export function ScanViewer({ open }: { open: ScanKey }) {
  const screen = useScreen();
  const { shown, problem, before } = useScanShown();
  if (problem && !shown)
    return (
      <div className="pad">
        <Problem problem={problem} onRetry={screen.scan.catchUp} />
      </div>
    );
  if (before) return <p className="empty">At this moment the scan had not begun.</p>;
  if (!shown || !sameScan(shown, open)) return <p className="empty">Asking the hub …</p>;
  return <OpenScan scan={shown} />;
}

function OpenScan({ scan }: { scan: ScanDetail }) {
  const screen = useScreen();
  const past = usePast();
  const live = scan.state === 'live' && !past;
  const pixels = usePixels(scan, live);
  const [look, setLook] = useLook();
  const [probe, setProbe] = useState<Point | undefined>(undefined);
  const [loupe, setLoupe] = useState(false);
  const [sweepFrom, setSweepFrom] = useState<number | undefined>(undefined);
  const { rows } = useStore(screen.scans.scans);
  // In the past a scan that was still growing shows no more columns than it had.
  const shown = past && scan.state === 'live' ? { ...pixels, columns: scan.columns } : pixels;
  const window = look.window ?? wholeWindow;

  const onStep = (by: 1 | -1) => {
    const at = rows.findIndex((row) => sameScan(row, scan));
    const next = rows[at + by];
    if (next)
      screen.navigate({
        scan: { box: next.box, scan: next.scan },
        selection: undefined,
        look: carried(look),
      });
  };
  useCommand({
    next: () => onStep(1),
    previous: () => onStep(-1),
    sweep: () => setSweepFrom((now) => (now === undefined ? performance.now() : undefined)),
  });

  return (
    <div className="scan-viewer" data-testid="scan-viewer" data-scan={scan.scan}>
      <ScanHeader scan={scan} columns={shown.columns} onStep={onStep} />
      <Toolbar scan={scan} look={look} setLook={setLook} sweeping={sweepFrom !== undefined} loupe={loupe} />
      <div className="scan-stage">
        <Picture
          scan={scan}
          pixels={shown}
          look={look}
          setLook={setLook}
          live={live}
          loupe={loupe}
          onLoupe={setLoupe}
          sweepFrom={sweepFrom}
          probe={probe}
          onProbe={setProbe}
        />
        <PixelState scan={scan} pixels={pixels} live={live} />
        <ViewLegend view={viewOfLook(look, scan)} scan={scan} window={window} />
      </div>
      {look.line ? (
        <ProfileStrip scan={scan} pixels={shown} look={look} setLook={setLook} />
      ) : (
        <DensityStrip scan={scan} pixels={shown} look={look} setLook={setLook} />
      )}
      <Readout scan={scan} pixels={shown} probe={probe} window={window} />
    </div>
  );
}
