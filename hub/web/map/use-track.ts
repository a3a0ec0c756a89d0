import { useEffect, useState } from 'react';
import type { Track } from '#hub/api/types';
import { useScreen } from '../parts/screen-context.tsx';
import { createLatest } from '../state/latest.ts';
import { useStore } from '../state/store.ts';
import { extendTrack } from './track-lines.ts';

type Points = Track['points'];
const none: Points = [];
const hourMs = 3_600_000;

/** Where the selected object was in the hour before the moment; live, it grows with each fix. */
export function useTrack(object: string | undefined): Points {
  const screen = useScreen();
  const cursor = useStore(screen.cursor);
  const at = cursor.mode === 'past' ? cursor.at : undefined;
  const [points, setPoints] = useState<Points>(none);
  const [loads, setLoads] = useState<ReturnType<typeof createLatest<number>> | undefined>(undefined);

  useEffect(() => {
    setPoints(none);
    if (object === undefined) return;
    const latest = createLatest<number>(async (to, signal) => {
      const track = await screen.client.get<Track>(
        `/objects/${encodeURIComponent(object)}/track`,
        { from: new Date(to - hourMs).toISOString(), to: new Date(to).toISOString() },
        signal,
      );
      if (!signal.aborted) setPoints(track.points);
    });
    setLoads(latest);
    return () => {
      latest.stop();
      setLoads(undefined);
    };
  }, [screen, object]);

  useEffect(() => loads?.request(at ?? screen.hubNow()), [loads, at, screen]);

  useEffect(() => {
    if (object === undefined || at !== undefined) return;
    return screen.objects.shown.subscribe(() => {
      const state = screen.objects.shown.get().byId.get(object);
      if (state)
        setPoints((now) => (now.length === 0 ? now : extendTrack(now, state, screen.hubNow() - hourMs)));
    });
  }, [screen, object, at]);

  return points;
}
