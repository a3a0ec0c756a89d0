import { useState } from 'react';
import type { LaboratoryResult } from '#hub/api/laboratory-types';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';

/** A file as it was chosen. */
export interface Chosen {
  readonly name: string;
  readonly text: string;
}

export interface Run {
  readonly busy: boolean;
  readonly result: LaboratoryResult | undefined;
  readonly problem: ApiProblem | undefined;
  start(body: object): void;
}

/** Asks the hub for one computation; the newest answer, or why there is none. */
export function useRun(path: string, onDone?: () => void): Run {
  const { client } = useScreen();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<LaboratoryResult | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const start = (body: object) => {
    setBusy(true);
    setProblem(undefined);
    client
      .send<LaboratoryResult>('POST', `/laboratory/${path}`, body)
      .then(
        (answer) => {
          setResult(answer);
          onDone?.();
        },
        (error: unknown) => {
          setResult(undefined);
          setProblem(problemOf(error));
        },
      )
      .finally(() => setBusy(false));
  };
  return { busy, result, problem, start };
}
