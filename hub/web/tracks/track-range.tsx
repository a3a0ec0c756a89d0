import type { TrackGap } from '#hub/api/track-types';
import type { Track } from '#hub/api/types';
import { shortDuration, utcMoment } from '../format/time.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useAsk } from './use-ask.ts';

const ranges: readonly (readonly [number, string])[] = [
  [1, '1 h'],
  [6, '6 h'],
  [24, '1 d'],
  [168, '7 d'],
  [720, '30 d'],
];

const gapWords: Record<TrackGap['class'], string> = {
  coverage: 'not heard, where many are not',
  device: 'the receiver was out',
  fix: 'heard without a fix',
  link: 'not heard, with or without a fix',
  parked: 'stood still',
  power: 'silent, its power cut or low',
  open: 'not heard since',
  silent: 'silent on its way',
};

/** How much of its track is shown, and its gaps with what is known of them; each leads to its moment. */
export function TrackRange({ id, at, hours }: { id: string; at: number; hours: number }) {
  const screen = useScreen();
  const iso = (ms: number) => new Date(ms).toISOString();
  const { answer, problem } = useAsk<Track>(`/objects/${encodeURIComponent(id)}/track`, {
    from: iso(at - hours * 3_600_000),
    to: iso(at),
    points: 2000,
  });
  return (
    <div className="track-range">
      <fieldset className="time-ranges">
        <legend className="visually-hidden">Length of the track</legend>
        <span className="muted">Track</span>
        {ranges.map(([value, words]) => (
          <button
            key={value}
            type="button"
            className="button quiet"
            aria-pressed={hours === value}
            data-testid={`track-${value}`}
            onClick={() => screen.navigate({ hours: value === 1 ? undefined : value }, 'replace')}
          >
            {words}
          </button>
        ))}
      </fieldset>
      {problem && <Problem problem={problem} />}
      {answer && answer.gaps.length === 0 && (
        <p className="muted">
          {answer.points.length === 0 ? 'No fix in this time.' : `No gap in ${answer.points.length} fixes.`}
        </p>
      )}
      <ul className="row-list" data-testid="track-gaps">
        {answer?.gaps
          .slice(-30)
          .reverse()
          .map((gap) => (
            <li key={gap.from}>
              <button type="button" onClick={() => screen.moveTime({ kind: 'go', at: Date.parse(gap.from) })}>
                <span />
                <span>
                  {shortDuration(Date.parse(gap.to) - Date.parse(gap.from))}{' '}
                  <span className={gap.class === 'parked' || gap.class === 'coverage' ? 'muted' : 'warn'}>
                    {gapWords[gap.class]}
                  </span>
                  {gap.reason !== undefined && <span className="muted"> ({gap.reason})</span>}
                  <br />
                  <span className="when">{utcMoment(Date.parse(gap.from))}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
      {answer?.finestGapS !== undefined && (
        <p className="muted">
          Of so long a time gaps under {shortDuration(answer.finestGapS * 1000)} are not shown.
        </p>
      )}
    </div>
  );
}
