import type { ScanDetail } from '#hub/api/types';
import { shortType } from '../../format/sentence.ts';
import { utcMoment, utcTime } from '../../format/time.ts';
import { useScreen } from '../../parts/screen-context.tsx';

const words: Record<string, string> = {
  'scan.started': 'Scan began',
  'scan.completed': 'Scan ended',
  'scan.verdict': 'Verdict',
  'scan.evicted': 'Pixels given up',
};

/** The events of the scan at the hub, in order: each opens as it was stored. */
export function ScanEvents({ scan }: { scan: ScanDetail }) {
  const screen = useScreen();
  const { events } = scan.trace;
  if (events.length === 0) return null;
  return (
    <section>
      <h3>Events</h3>
      <ol className="row-list">
        {events.map(({ sequence, type, time }) => (
          <li key={sequence}>
            <button
              type="button"
              onClick={() => screen.navigate({ selection: { kind: 'event', box: scan.box, sequence } })}
            >
              <span className="muted">{sequence}</span>
              <span>{words[shortType(type)] ?? shortType(type)}</span>
              <time className="when" dateTime={time} title={utcMoment(Date.parse(time))}>
                {utcTime(Date.parse(time))}
              </time>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
