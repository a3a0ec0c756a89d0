import { Problem } from '../../parts/problem.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { sameScan } from '../../state/address.ts';
import { useStore } from '../../state/store.ts';
import { useScanShown } from '../use-scan-shown.ts';
import { Declared } from './declared.tsx';
import { Findings } from './findings.tsx';
import { PixelPlace } from './pixel-place.tsx';
import { ScanEvents } from './scan-events.tsx';
import { Trace } from './trace.tsx';
import { Verdict } from './verdict.tsx';

/** A scan at the right: what was concluded, why, and what that rests on. */
export function ScanDetailPanel() {
  const screen = useScreen();
  const { scan: open, area } = useStore(screen.address);
  const { shown, problem, before } = useScanShown();
  if (problem && !shown) return <Problem problem={problem} onRetry={screen.scan.catchUp} />;
  if (before) return <p className="muted">At this moment the scan had not begun.</p>;
  if (!shown) return <p className="muted">Asking the hub …</p>;
  const { box, scan } = shown;
  const isOpen = area === 'scans' && sameScan(open, shown);
  return (
    <div data-testid="scan-detail">
      <Verdict scan={shown} />
      <div className="actions below">
        {!isOpen && (
          <button
            type="button"
            className="button"
            data-testid="open-scan"
            onClick={() =>
              screen.navigate({
                area: 'scans',
                box: undefined,
                scan: { box, scan },
                look: undefined,
                selection: undefined,
              })
            }
          >
            Open the scan
          </button>
        )}
        {shown.subject !== undefined && (
          <button
            type="button"
            className="button"
            onClick={() => screen.navigate({ selection: { kind: 'object', id: shown.subject as string } })}
          >
            {shown.subject}
          </button>
        )}
      </div>
      <Findings scan={shown} />
      <Declared scan={shown} />
      <PixelPlace scan={shown} />
      <Trace scan={shown} />
      <ScanEvents scan={shown} />
    </div>
  );
}
