import { useEffect, useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import { problemOf, type Query } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';

export interface Asked<T> {
  readonly answer?: T;
  readonly problem?: ApiProblem;
  /** The answer is to the question as it was before: the new one is on its way. */
  readonly old?: boolean;
}

/**
 * The hub's answer to a question, asked anew whenever the question, or `again`, changes; undefined asks nothing. The answer
 * stays until the next one comes, so that nothing jumps, unless it is to another path.
 */
export function useAsk<T>(path: string | undefined, query: Query = {}, again = 0): Asked<T> {
  const { client } = useScreen();
  const [asked, setAsked] = useState<Asked<T> & { readonly of?: string | undefined }>({});
  const text = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks again
  useEffect(() => {
    setAsked(({ of, answer }) =>
      of === path && answer !== undefined ? { of, answer, old: true } : { of: path },
    );
    if (path === undefined) return;
    const stop = new AbortController();
    client.get<T>(path, JSON.parse(text) as Query, stop.signal).then(
      (answer) => setAsked({ of: path, answer }),
      (error: unknown) => {
        if (!stop.signal.aborted) setAsked({ of: path, problem: problemOf(error) });
      },
    );
    return () => stop.abort();
  }, [client, path, text, again]);
  // Between two paths there is a moment in which the last answer is still here.
  return asked.of === path ? asked : {};
}
