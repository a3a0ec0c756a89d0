import type { ObjectRisk } from '#hub/api/risk-types';
import { listTime } from '../format/time.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { parseSelection } from '../state/address.ts';

const levels: Record<ObjectRisk['level'], string> = {
  none: 'nothing speaks against it',
  some: 'little speaks against it',
  raised: 'worth a look',
  high: 'to be stopped',
};
const looks: Record<ObjectRisk['level'], string> = {
  none: 'muted',
  some: 'muted',
  raised: 'warn',
  high: 'alarm',
};

/** What counts against an object, by the type of the event without `quaywatch.`. */
const reasons: Readonly<Record<string, string>> = {
  'control.violation': 'went otherwise than planned',
  'corridor.deviation': 'left its route',
  'corridor.wrongWay': 'went the wrong way',
  'guard.silent': 'guarded, and not heard',
  'guard.violated': 'guarded, and not as it has to be',
  'seal.cut': 'seal cut',
  'seal.tampered': 'seal tampered with',
  'seal.unauthorised': 'seal opened without leave',
  'track.clone': 'in two places at once',
  'track.dark': 'out of sight at sea',
  'track.frozen': 'place stands still while it moves',
  'track.gap': 'silent',
  'track.identity': 'gave another identity',
  'track.loitering': 'drifted far from any place to wait',
  'track.separation': 'cargo and truck parted',
  'track.spoof': 'place made up',
  'track.teleport': 'jumped to another place',
  'track.unscheduled': 'stood where or longer than it may',
  'watch.hit': 'on a watch list',
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
        <strong>{score} points</strong>: {levels[level]}
      </p>
      <ul className="row-list risk-parts" data-testid="risk-parts">
        {parts.map(({ type, points, events, last, event }) => {
          const name = type.replace('quaywatch.', '');
          return (
            <li key={type}>
              <button type="button" title={`${name}: its last event`} onClick={() => open(event)}>
                <span className="risk-points">{points}</span>
                <span>
                  {reasons[name] ?? name}
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
