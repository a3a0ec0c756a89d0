import { count } from '../format/number.ts';
import { utcMoment } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import type { Screening } from './use-screening.ts';

/** The hub counts no more events of one object than this. */
const mostCounted = 1000;
const shownAtOnce = 100;

const eventsOf = (events: number): string =>
  events === 1 ? '1 event' : events < mostCounted ? `${events} events` : `${mostCounted} events or more`;

/** What screening of the past has found so far, newest first. */
export function Screened({
  screening: { running, hits, screened, entries, stop },
}: {
  screening: Screening;
}) {
  const { navigate, moveTime } = useScreen();
  if (!running && !hits) return null;
  const isPart = running || screened < entries;
  const found = hits?.length ?? 0;
  return (
    <section data-testid="watch-screened">
      <h3>
        {isPart
          ? `${count(screened)} of ${count(entries)} entries looked at, ${count(found)} heard of`
          : `${count(found)} of ${count(screened)} entries were heard of`}
      </h3>
      {running && (
        <div className="actions screening">
          <progress value={screened} max={Math.max(1, entries)} aria-label="Entries looked at" />
          <button type="button" className="button quiet" onClick={stop}>
            Stop
          </button>
        </div>
      )}
      <ul className="row-list">
        {hits?.slice(0, shownAtOnce).map(({ entry, object, events, last }) => (
          <li key={entry}>
            <button
              type="button"
              onClick={() => {
                moveTime({ kind: 'go', at: Date.parse(last) });
                navigate({ selection: { kind: 'object', id: object } });
              }}
            >
              <span />
              <span>{entry}</span>
              <span className="when">
                {eventsOf(events)}, last {utcMoment(Date.parse(last))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {!running && (
        <p className="muted">
          By what events are about. A container or seal that was only named by another object is not among
          them.
        </p>
      )}
      {hits && hits.length > shownAtOnce && (
        <p className="muted">and {hits.length - shownAtOnce} that were heard of longer ago</p>
      )}
    </section>
  );
}
