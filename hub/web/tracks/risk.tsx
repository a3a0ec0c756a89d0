import type { ObjectRisk } from '#hub/api/risk-types';
import { listTime } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { parseSelection } from '../state/address.ts';
import { levelWords, reasonOf } from './risk-words.ts';

const looks: Record<ObjectRisk['level'], string> = {
  none: 'muted',
  some: 'muted',
  raised: 'warn',
  high: 'alarm',
};

/** What speaks against an object: a sum and its parts, each of which leads to its last event. */
export function RiskAnswer({ answer }: { answer: ObjectRisk }) {
  const screen = useScreen();
  const { score, level, parts, partial } = answer;
  const heaviest = Math.max(...parts.map(({ points }) => points));
  const open = (id: string) => screen.navigate({ selection: parseSelection(`event:${id}`) });
  return (
    <>
      <p className={looks[level]} data-testid="risk-score">
        <strong>{Math.round(score)} points</strong>: {levelWords[level]}
      </p>
      <ul className="row-list risk-parts" data-testid="risk-parts">
        {parts.map(({ type, points, events, last, event }) => {
          const name = type.replace('quaywatch.', '');
          return (
            <li key={type}>
              <button type="button" title={`${name}: its last event`} onClick={() => open(event)}>
                <span className="risk-points">{Math.round(points)}</span>
                <span>
                  {reasonOf(type)}
                  <span className="risk-bar" style={{ width: `${(100 * points) / heaviest}%` }} />
                </span>
                <span className="when">
                  {events > 1 && `${events} times, last `}
                  {listTime(Date.parse(last), Date.parse(answer.at), false)} UTC
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {partial && <p className="muted">There are more events than were counted.</p>}
    </>
  );
}
