import { age, utcMoment } from '../format/time.ts';
import { useMoment } from './screen-context.tsx';

/** How long ago, by the moment shown; beyond `staleAfterMs` it is marked as old, with a word. */
export function Age({ time, staleAfterMs }: { time: string | undefined; staleAfterMs?: number }) {
  const moment = useMoment();
  if (time === undefined) return <span className="muted">never</span>;
  const ms = Date.parse(time);
  const old = staleAfterMs !== undefined && moment - ms > staleAfterMs;
  return (
    <time dateTime={time} title={utcMoment(ms)} className={old ? 'warn nowrap' : 'nowrap'}>
      {age(ms, moment)}
      {old && ', old'}
    </time>
  );
}
