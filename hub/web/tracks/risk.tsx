import type { ObjectRisk } from '#hub/api/risk-types';
import { utcMoment } from '../format/time.ts';
import { Field, Fields } from '../parts/fields.tsx';

const levels: Record<ObjectRisk['level'], string> = {
  none: 'nothing speaks against it',
  some: 'little speaks against it',
  raised: 'worth a look',
  high: 'to be stopped',
};

/** What speaks against an object: a sum and its parts. */
export function RiskAnswer({ answer }: { answer: ObjectRisk }) {
  const { score, level, parts, partial } = answer;
  const isBad = level === 'high' || level === 'raised';
  return (
    <>
      <p className={isBad ? 'warn' : 'muted'} data-testid="risk-score">
        {score} points: {levels[level]}
      </p>
      <Fields>
        {parts.map(({ type, points, events, last }) => (
          <Field key={type} name={type.replace('quaywatch.', '')}>
            {points}{' '}
            <span className="muted">
              {events === 1 ? 'once' : `${events} times, last`} {utcMoment(Date.parse(last))}
            </span>
          </Field>
        ))}
      </Fields>
      {partial && <p className="muted">There are more events than were counted.</p>}
    </>
  );
}
