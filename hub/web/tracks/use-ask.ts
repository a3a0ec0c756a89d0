import { useEffect, useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import { problemOf, type Query } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';

export interface Asked<T> {
  readonly answer?: T;
  readonly problem?: ApiProblem;
}

/** The hub's answer to a question, asked anew whenever the question, or `again`, changes; undefined asks nothing. */
export function useAsk<T>(path: string | undefined, query: Query = {}, again = 0): Asked<T> {
  const { client } = useScreen();
  const [asked, setAsked] = useState<Asked<T>>({});
  const text = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks again
  useEffect(() => {
    setAsked({});
    if (path === undefined) return;
    const stop = new AbortController();
    client.get<T>(path, JSON.parse(text) as Query, stop.signal).then(
      (answer) => setAsked({ answer }),
      (error: unknown) => {
        if (!stop.signal.aborted) setAsked({ problem: problemOf(error) });
      },
    );
    return () => stop.abort();
  }, [client, path, text, again]);
  return asked;
}
