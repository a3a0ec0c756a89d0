import type { ScanDetail } from '#hub/api/types';
import { count } from '../../format/number.ts';
import { Age } from '../../parts/age.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Mark } from '../../parts/mark.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { length } from '../draw/view.ts';
import { outcomeLook, outcomeWords } from '../words.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly columns: number;
  readonly onStep: (by: 1 | -1) => void;
}

/** Which scan this is, and the way out and on. */
export function ScanHeader({ scan, columns, onStep }: Props) {
  const screen = useScreen();
  const look = outcomeLook(scan);
  const size = `${length(columns * scan.pixelMm)} × ${length(scan.rows * scan.pixelMm)}`;
  return (
    <header className="scan-header">
      <button
        type="button"
        className="button"
        title="All scans (Esc)"
        data-testid="all-scans"
        onClick={() =>
          screen.navigate({
            scan: undefined,
            look: undefined,
            selection: { kind: 'scan', box: scan.box, scan: scan.scan },
          })
        }
      >
        <Icon name="list" size="1.2em" /> Scans
      </button>
      <h2>{scan.subject ?? 'Object not known yet'}</h2>
      <span className={`outcome ${look ?? 'open'}`} data-testid="scan-outcome">
        {look && <Mark look={look} />} {outcomeWords(scan)}
      </span>
      <span
        className="muted nowrap"
        data-testid="scan-size"
        title={`${count(columns)} × ${count(scan.rows)} pixels`}
      >
        {scan.state === 'live' && <strong className="live-word">growing </strong>}
        {size}
      </span>
      {scan.state === 'cut' && <span className="warn nowrap">cut short</span>}
      <span className="muted nowrap started">
        <Age time={scan.started} />
      </span>
      <span className="space" />
      <button
        type="button"
        className="button icon"
        title="Newer scan (k)"
        aria-label="Newer scan"
        onClick={() => onStep(-1)}
      >
        <Icon name="earlier" />
      </button>
      <button
        type="button"
        className="button icon"
        title="Older scan (j)"
        aria-label="Older scan"
        onClick={() => onStep(1)}
      >
        <Icon name="later" />
      </button>
    </header>
  );
}
