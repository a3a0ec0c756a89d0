import { memo } from 'react';
import type { StoredEvent } from '#hub/api/types';
import { type Names, sentence, shortType } from '../format/sentence.ts';
import { lookOf, lookWords } from '../format/severity.ts';
import { listTime } from '../format/time.ts';
import { Mark } from '../parts/mark.tsx';

interface Props {
  readonly row: StoredEvent;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  /** Another event of the list stands in its place. */
  readonly replaced: boolean;
  readonly names: Names;
  /** The present, rounded, so that rows are not drawn anew each second. */
  readonly now: number;
  readonly onSelect: (index: number) => void;
}

/** One event of the list. */
export const EventLine = memo(
  ({ row: { event }, index, top, height, selected, replaced, names, now, onSelect }: Props) => {
    const look = replaced ? 'replaced' : lookOf(event);
    const words = sentence(event, names);
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
      // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active row
      <div
        id={`event-${index}`}
        className="event-line"
        role="option"
        aria-selected={selected}
        data-testid="event"
        data-event={event.id}
        data-look={look}
        style={{ top, height }}
        onClick={() => onSelect(index)}
      >
        <span className="muted">{listTime(Date.parse(event.time), now)}</span>
        <span className="look">
          <Mark look={look} />
          <span className="look-word">{lookWords[look]}</span>
        </span>
        <span className="words" title={words}>
          {words}
        </span>
        <span className="muted wide">{shortType(event.type)}</span>
        <span className="muted box-name">{names.box(event.box)}</span>
      </div>
    );
  },
);
