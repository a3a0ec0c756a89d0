import type { StoredEvent } from '#hub/api/types';
import { sentence } from '../format/sentence.ts';
import { lookOf, lookWords } from '../format/severity.ts';
import { age, utcMoment } from '../format/time.ts';
import { Mark } from '../parts/mark.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { useNames } from '../parts/use-names.ts';
import { sameSelection } from '../state/address.ts';
import { standing } from '../state/replaced.ts';
import { useStore } from '../state/store.ts';

interface Props {
  readonly events: readonly StoredEvent[];
  /** No more rows than this; absent: all. */
  readonly most?: number;
}

/** A short list of events, such as the latest alarms or those of one object; each opens its detail. What was corrected is not in it beside its correction. */
export function EventRows({ events, most }: Props) {
  const screen = useScreen();
  const moment = useMoment();
  const names = useNames();
  const { selection } = useStore(screen.address);
  return (
    <ol className="row-list" data-testid="event-rows">
      {standing(events)
        .slice(0, most)
        .map(({ event }) => {
          const mine = { kind: 'event', box: event.box, sequence: event.sequence } as const;
          const look = lookOf(event);
          return (
            <li key={event.id}>
              <button
                type="button"
                aria-current={sameSelection(selection, mine) || undefined}
                onClick={() => screen.navigate({ selection: mine })}
              >
                <Mark look={look} />
                <span>
                  <span className="visually-hidden">{lookWords[look]}: </span>
                  {sentence(event, names)}
                </span>
                <time className="when" dateTime={event.time} title={utcMoment(Date.parse(event.time))}>
                  {age(Date.parse(event.time), moment)}
                </time>
              </button>
            </li>
          );
        })}
    </ol>
  );
}
