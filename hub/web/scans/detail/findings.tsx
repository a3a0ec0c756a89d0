import type { ScanDetail } from '#hub/api/types';
import { useScreen } from '../../parts/screen-context.tsx';
import { sameScan } from '../../state/address.ts';
import { useStore } from '../../state/store.ts';
import { evidenceWords, findingWords, scorePercent } from '../words.ts';

/** What models claim of the scan; each leads to its place in the picture. */
export function Findings({ scan }: { scan: ScanDetail }) {
  const screen = useScreen();
  const { look, scan: open } = useStore(screen.address);
  const { findings } = scan;
  return (
    <section>
      <h3>Findings</h3>
      {findings.length === 0 && <p className="muted">No model claims anything of it.</p>}
      <ol className="row-list" data-testid="findings">
        {findings.map((finding, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings have no name but their number
          <li key={i}>
            <button
              type="button"
              aria-current={(sameScan(open, scan) && look?.finding === i) || undefined}
              onClick={() => {
                // The picture goes there by itself, as no place is said.
                const { place: _, ...rest } = look ?? {};
                screen.navigate({
                  area: 'scans',
                  box: undefined,
                  selection: undefined,
                  scan: { box: scan.box, scan: scan.scan },
                  look: { ...rest, finding: i },
                });
              }}
            >
              <span aria-hidden="true">{i + 1}</span>
              <span>
                {findingWords(finding)}
                {evidenceWords(finding) && <span className="muted">: {evidenceWords(finding)}</span>}
                <br />
                <span className="muted">
                  {finding.model} {finding.modelVersion}, {finding.signed ? 'signed' : 'not signed'}
                  {finding.threshold !== undefined && `, threshold ${scorePercent(finding.threshold)}`}
                </span>
              </span>
              <span className="when">{finding.region ? 'shown' : 'whole scan'}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
