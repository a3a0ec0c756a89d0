import type { ScanDetail } from '#hub/api/types';
import { Age } from '../../parts/age.tsx';
import { Mark } from '../../parts/mark.tsx';
import { outcomeLook, outcomeWords, scorePercent } from '../words.ts';

/** What was concluded, and why. */
export function Verdict({ scan }: { scan: ScanDetail }) {
  const { verdict } = scan;
  const look = outcomeLook(scan);
  return (
    <section className={`scan-verdict ${look ?? 'open'}`} data-testid="scan-verdict">
      <p className="headline">
        {look && <Mark look={look} />} <strong>{outcomeWords(scan)}</strong>
        {verdict && verdict.outcome !== 'none' && (
          <span className="muted">{scorePercent(verdict.confidence)} sure</span>
        )}
        {verdict && (
          <span className="muted when">
            <Age time={verdict.time} />
          </span>
        )}
      </p>
      {verdict?.outcome === 'none' && <p className="warn">This is not clear: the object was not judged.</p>}
      {!verdict && (
        <p className="muted">
          {scan.state === 'live'
            ? 'It is judged when its last line has come.'
            : 'No verdict has come for it.'}
        </p>
      )}
      {verdict && verdict.reasons.length > 0 && (
        <ul className="reasons">
          {verdict.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {verdict?.simulationValidated && (
        <p className="simulated" data-testid="simulation-validated">
          Simulation-validated: its models were tested on simulated scans alone.
        </p>
      )}
    </section>
  );
}
