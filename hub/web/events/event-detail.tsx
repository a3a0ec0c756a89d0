import { useEffect, useState } from 'react';
import type { ApiProblem, EventPage, StoredEvent } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { sentence } from '../format/sentence.ts';
import { lookOf, lookWords } from '../format/severity.ts';
import { Mark } from '../parts/mark.tsx';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useNames } from '../parts/use-names.ts';
import { replacedBy, standing } from '../state/replaced.ts';
import { EventActions } from './event-actions.tsx';
import { EventFields } from './event-fields.tsx';
import { EventRows } from './event-rows.tsx';

interface State {
  readonly row?: StoredEvent;
  readonly related?: readonly StoredEvent[];
  readonly problem?: ApiProblem;
}

/** One event: what happened in words, what to look at next, and everything that is known of it. */
export function EventDetail({ box, sequence }: { box: string; sequence: number }) {
  const screen = useScreen();
  const names = useNames();
  const [state, setState] = useState<State>(() => {
    const all = [...screen.feed.feed.get().rows, ...screen.alarms.alarms.get().recent];
    const row = all.find(({ event }) => event.box === box && event.sequence === sequence);
    return row ? { row } : {};
  });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    const stop = new AbortController();
    const load = async () => {
      const path = `/events/${encodeURIComponent(box)}/${sequence}`;
      const row = await screen.client.get<StoredEvent>(path, {}, stop.signal);
      setState({ row });
      const { subject } = row.event;
      if (subject === undefined) return;
      const page = await screen.client.get<EventPage>(
        '/events',
        {
          subject,
          // Its positions, one a second, would bury the rest.
          priority: 'alarm,verdict',
          at: new Date(Date.parse(row.event.time) + 600_000).toISOString(),
          limit: 30,
        },
        stop.signal,
      );
      setState({ row, related: page.events.filter(({ event }) => event.id !== row.event.id) });
    };
    load().catch((error: unknown) => {
      if (!stop.signal.aborted) setState((now) => ({ ...now, problem: problemOf(error) }));
    });
    return () => stop.abort();
  }, [screen, box, sequence, attempt]);

  const { row, related, problem } = state;
  if (!row)
    return problem ? (
      <Problem problem={problem} onRetry={() => setAttempt((n) => n + 1)} />
    ) : (
      <p className="muted">Asking the hub …</p>
    );
  const replacement = replacedBy([
    ...(related ?? []),
    ...screen.feed.feed.get().rows,
    ...screen.alarms.alarms.get().recent,
  ]).get(row.event.id);
  const look = replacement ? 'replaced' : lookOf(row.event);
  return (
    <div data-testid="event-detail">
      <section>
        <p className="headline">
          <Mark look={look} /> <span className="muted">{lookWords[look]}</span>
        </p>
        <p className="sentence" data-testid="sentence">
          {sentence(row.event, names)}.
        </p>
        {replacement && <Replacement by={replacement} />}
        <EventActions event={row.event} />
      </section>
      <EventFields row={row} names={names} />
      {row.event.subject !== undefined && (
        <section>
          <h3>Around it: {row.event.subject}</h3>
          {related?.length === 0 && (
            <p className="muted">No other alarm or verdict about it is on record up to ten minutes later.</p>
          )}
          {related && <EventRows events={standing([row, ...related]).filter((each) => each !== row)} />}
          {!related && !problem && <p className="muted">Asking the hub …</p>}
        </section>
      )}
    </div>
  );
}

/** Late data changed what this event says: the way to what stands. */
function Replacement({ by: { event } }: { by: StoredEvent }) {
  const screen = useScreen();
  const names = useNames();
  const { box, sequence } = event;
  return (
    <p className="replacement" data-testid="replaced">
      {event.data.retracted === true ? 'It was withdrawn by what came later.' : 'What came later says:'}{' '}
      <button
        type="button"
        className="cell-button"
        onClick={() => screen.navigate({ selection: { kind: 'event', box, sequence } })}
      >
        {sentence(event, names)}
      </button>
    </p>
  );
}
