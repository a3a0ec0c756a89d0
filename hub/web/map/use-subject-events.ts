import { useEffect, useState } from 'react';
import type { ApiProblem, EventPage, StoredEvent } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

const slowMs = 2000;

/** Alarms and verdicts about one subject up to the moment; a moment that plays is followed every two seconds. */
export function useSubjectEvents(subject: string): { events?: readonly StoredEvent[]; problem?: ApiProblem } {
  const screen = useScreen();
  const cursor = useStore(screen.cursor);
  const [state, setState] = useState<{ events?: readonly StoredEvent[]; problem?: ApiProblem }>({});
  const at =
    cursor.mode === 'live'
      ? undefined
      : cursor.playing
        ? cursor.at - (cursor.at % (slowMs * cursor.speed))
        : cursor.at;
  // Live, a new alarm or verdict is what would change the list; both count in the feed of alarms and in time.
  const { recent } = useStore(screen.alarms.alarms);
  const newest =
    at === undefined ? recent.find(({ event }) => event.subject === subject)?.event.id : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `newest` asks again
  useEffect(() => {
    const stop = new AbortController();
    const query = {
      subject,
      priority: 'alarm,verdict',
      limit: 50,
      at: at === undefined ? undefined : new Date(at).toISOString(),
    };
    screen.client.get<EventPage>('/events', query, stop.signal).then(
      ({ events }) => setState({ events }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState({ problem: problemOf(error) });
      },
    );
    return () => stop.abort();
  }, [screen, subject, at, newest]);
  return state;
}
