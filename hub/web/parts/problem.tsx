import type { ApiProblem } from '#hub/api/types';
import { StateMark } from './state-mark.tsx';

/** What went wrong, what to do, its code, and a way to try again. */
export function Problem({ problem, onRetry }: { problem: ApiProblem; onRetry?: () => void }) {
  return (
    <div className="problem" role="alert" data-testid="problem">
      <p className="strong">
        <StateMark look="warn" /> {problem.message}
      </p>
      {problem.help !== '' && <p>{problem.help}</p>}
      <p className="muted mono">
        {problem.code}
        {problem.at ? ` · ${problem.at}` : ''}
        {problem.status > 0 ? ` · HTTP ${problem.status}` : ''}
      </p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
