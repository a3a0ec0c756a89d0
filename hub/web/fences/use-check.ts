import { useEffect, useState } from 'react';
import type { FenceCheck } from '#hub/api/fence-types';
import { useScreen } from '../parts/screen-context.tsx';
import { changesOf, type Draft } from './draft.ts';

const waitMs = 400;

/** What the hub says of the changes so far, a moment after the last one. */
export function useCheck(draft: Draft | undefined): FenceCheck | undefined {
  const { client } = useScreen();
  const [check, setCheck] = useState<FenceCheck | undefined>(undefined);
  useEffect(() => {
    setCheck(undefined);
    if (!draft) return;
    const changes = changesOf(draft).map(({ id, after }) => (after ? { id, feature: after } : { id }));
    if (changes.length === 0) return;
    let stopped = false;
    const timer = setTimeout(() => {
      client.send<FenceCheck>('POST', `/fence-sets/${draft.set}/check`, { kind: draft.kind, changes }).then(
        (said) => !stopped && setCheck(said),
        () => undefined,
      );
    }, waitMs);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, draft]);
  return check;
}
