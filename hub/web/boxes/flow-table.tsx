import type { Status } from '#hub/api/types';
import { count } from '../format/number.ts';
import { StateWord } from '../parts/state-word.tsx';
import { flowState } from './states.ts';

/** Flows of a box with what they took in and gave out since the box started. */
export function FlowTable({ flows }: { flows: Status['flows'] }) {
  if (flows.length === 0) return <p className="muted">No flow runs on it.</p>;
  return (
    <div className="table-scroll">
      <table className="table" data-testid="flows">
        <thead>
          <tr>
            <th>Flow</th>
            <th>State</th>
            <th className="number">Received</th>
            <th className="number">Events</th>
            <th className="number">Failed</th>
            <th className="number">Dropped</th>
            <th>Version</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={flow.id}>
              <td>{flow.id}</td>
              <td>
                <StateWord {...flowState(flow)} {...(flow.detail ? { title: flow.detail } : {})} />
                {flow.detail && <span className="muted"> {flow.detail}</span>}
              </td>
              <td className="number">{count(flow.received)}</td>
              <td className="number">{count(flow.emitted)}</td>
              <td className={`number ${flow.failed > 0 ? 'warn' : ''}`}>{count(flow.failed)}</td>
              <td className={`number ${flow.dropped > 0 ? 'warn' : ''}`}>{count(flow.dropped)}</td>
              <td>
                {flow.version} <code className="muted">{flow.hash.slice(0, 10)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
