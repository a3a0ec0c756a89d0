import { useState } from 'react';
import type { Query } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useAsk } from './use-ask.ts';

interface Props<T> {
  readonly title: string;
  readonly testid: string;
  readonly path: string;
  readonly query: Query;
  readonly children: (answer: T) => React.ReactNode;
}

/** A question that is asked when it is opened. */
export function Question<T>({ title, testid, path, query, children }: Props<T>) {
  const [open, setOpen] = useState(false);
  const { answer, problem, old } = useAsk<T>(open ? path : undefined, query);
  return (
    <details className="question" data-testid={testid} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{title}</summary>
      {problem && <Problem problem={problem} />}
      {open && !answer && !problem && <p className="muted">Asking the hub …</p>}
      {answer !== undefined && <div aria-busy={old}>{children(answer)}</div>}
    </details>
  );
}
