import { useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useMay } from '../parts/use-may.ts';
import { useStore } from '../state/store.ts';

/** Marks an object with one click: it is named on the map, and told of whenever it is heard again. */
export function Designate({ id }: { id: string }) {
  const screen = useScreen();
  const entry = useStore(screen.designated.shown).get(id);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const may = useMay('inspector');
  return (
    <>
      {may && (
        <button
          type="button"
          className="button"
          aria-pressed={entry !== undefined}
          data-testid="designate"
          title={entry ? `Designated by ${entry.by}` : 'Marks it for everybody'}
          onClick={() =>
            screen.designated.mark(id, entry === undefined).then(
              () => setProblem(undefined),
              (error: unknown) => setProblem(problemOf(error)),
            )
          }
        >
          {entry ? 'Designated' : 'Designate'}
        </button>
      )}
      {!may && entry && <span className="strong">Designated by {entry.by}</span>}
      {problem && <Problem problem={problem} />}
    </>
  );
}
