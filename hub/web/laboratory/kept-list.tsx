import type { CalibrationView } from '#hub/api/laboratory-types';
import { four } from './figures.tsx';

const error = ({ metrics }: CalibrationView): string => {
  const found = metrics.find(({ name }) => name === 'RMSECV');
  return found ? `${four(found.value)} ${found.unit === '1' ? '' : found.unit}` : '–';
};

/** Calibrations that the hub has, and where each is used. */
export function KeptList({ calibrations }: { calibrations: readonly CalibrationView[] }) {
  if (calibrations.length === 0) return null;
  return (
    <section className="lab-list">
      <h2>Kept in the hub</h2>
      <div className="lab-scroll">
        <table className="lab-table" data-testid="lab-list">
          <thead>
            <tr>
              <th>Calibration</th>
              <th>Version</th>
              <th>Samples</th>
              <th>Error in cross-validation</th>
              <th>Used by</th>
            </tr>
          </thead>
          <tbody>
            {calibrations.map((one) => (
              <tr key={`${one.id} ${one.version}`}>
                <td>
                  {one.id}
                  <small className="muted">{one.title}</small>
                </td>
                <td>{one.version}</td>
                <td>{one.samples ?? '–'}</td>
                <td>{error(one)}</td>
                <td>
                  {one.used.length === 0 && <span className="muted">no flow yet</span>}
                  {one.used.map(({ box, release, flows }) => (
                    <div key={box}>
                      {flows.join(', ')} on {box}, release {release}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        To use one: name it in a flow’s stage <code>calibration</code>, and in the release with the flow.
      </p>
    </section>
  );
}
