import { useCallback, useEffect, useState } from 'react';
import type { FenceCollection, FenceSetList, FenceSetView } from '#hub/api/fence-types';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

export interface LoadedSet {
  readonly sets: readonly FenceSetView[];
  readonly set?: FenceCollection;
  readonly problem?: ApiProblem;
  readonly reload: () => void;
}

/** The sets that there are, and the one that is open as the hub has it now. */
export function useFenceSet(name: string | undefined): LoadedSet {
  const screen = useScreen();
  // Whoever changes a set changes the map.
  const layers = useStore(screen.layers);
  const [state, setState] = useState<Omit<LoadedSet, 'reload'>>({ sets: [] });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` and `layers` ask again
  useEffect(() => {
    const stop = new AbortController();
    const load = async () => {
      const { sets } = await screen.client.get<FenceSetList>('/fence-sets', {}, stop.signal);
      // One that is named and is not there may be about to be made.
      const open = name === undefined ? sets[0] : sets.find((each) => each.name === name);
      const path = open && `/fence-sets/${encodeURIComponent(open.name)}`;
      const set =
        path === undefined ? undefined : await screen.client.get<FenceCollection>(path, {}, stop.signal);
      setState({ sets, ...(set && { set }) });
    };
    load().catch((error: unknown) => {
      if (!stop.signal.aborted) setState((now) => ({ ...now, problem: problemOf(error) }));
    });
    return () => stop.abort();
  }, [screen, name, asked, layers]);
  return { ...state, reload: useCallback(() => setAsked((n) => n + 1), []) };
}
