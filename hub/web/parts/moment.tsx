import { utcDate, utcTime } from '../format/time.ts';

/** A moment in full: day and time in UTC. */
export function Moment({ time }: { time: string | undefined }) {
  const ms = Date.parse(time ?? '');
  if (!Number.isFinite(ms)) return <span className="muted">not known</span>;
  return (
    <time dateTime={time} className="nowrap">
      {utcTime(ms, true)} <span className="muted">UTC {utcDate(ms)}</span>
    </time>
  );
}
