import { useEffect, useState } from 'react';
import type { Track } from '#hub/api/types';
import { useScreen } from '../parts/screen-context.tsx';
import { createLatest } from '../state/latest.ts';
import { useSelected, useStore } from '../state/store.ts';
import { extendTrack } from './track-lines.ts';

export type Known = Pick<Track, 'points' | 'gaps' | 'finestGapS'>;
const none: Known = { points: [], gaps: [] };
const hourMs = 3_600_000;

/** Where the selected object was in the hours before the moment, one unless the address says more; live, it grows with each fix. */
export function useTrack(object: string | undefined): Known {
  const screen = useScreen();
  const cursor = useStore(screen.cursor);
  const at = cursor.mode === 'past' ? cursor.at : undefined;
  const lengthMs = hourMs * useSelected(screen.address, (address) => address.hours ?? 1);
  const [known, setKnown] = useState<Known>(none);
  const [loads, setLoads] = useState<ReturnType<typeof createLatest<number>> | undefined>(undefined);

  useEffect(() => {
    setKnown(none);
    if (object === undefined) return;
    const latest = createLatest<number>(async (to, signal) => {
      const track = await screen.client.get<Track>(
        `/objects/${encodeURIComponent(object)}/track`,
        { from: new Date(to - lengthMs).toISOString(), to: new Date(to).toISOString() },
        signal,
      );
      if (!signal.aborted) setKnown(track);
    });
    setLoads(latest);
    return () => {
      latest.stop();
      setLoads(undefined);
    };
  }, [screen, object, lengthMs]);

  useEffect(() => loads?.request(at ?? screen.hubNow()), [loads, at, screen]);

  useEffect(() => {
    if (object === undefined || at !== undefined) return;
    return screen.objects.shown.subscribe(() => {
      const state = screen.objects.shown.get().byId.get(object);
      if (state)
        setKnown(({ points, ...rest }) => ({
          ...rest,
          points: points.length === 0 ? points : extendTrack(points, state, screen.hubNow() - lengthMs),
        }));
    });
  }, [screen, object, at, lengthMs]);

  return known;
}
