import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { StoredEvent } from '#hub/api/types';
import { useCommand } from '../frame/use-command.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useNames } from '../parts/use-names.ts';
import { sameSelection } from '../state/address.ts';
import { replacedBy } from '../state/replaced.ts';
import { useStore } from '../state/store.ts';
import { EventLine } from './event-line.tsx';
import { ListEnd } from './list-end.tsx';
import { useRowHeight } from './use-row-height.ts';
import { useRowsInView } from './use-rows-in-view.ts';

/** The list itself: only the rows in view are in the page, so that thousands scroll without a stutter. */
export function EventTable({ rows }: { rows: readonly StoredEvent[] }) {
  const screen = useScreen();
  const names = useNames();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight(2.3, 3.3);
  const { view, onScroll } = useRowsInView(scroller, rowHeight, rows.length);
  const { selection } = useStore(screen.address);
  const feed = useStore(screen.feed.feed);
  const now = useStore(screen.present);

  // By all that is loaded: words that are searched for may be in one of the two only.
  const replaced = useMemo(() => replacedBy(feed.rows), [feed.rows]);
  const selectedAt = rows.findIndex(({ event }) =>
    sameSelection(selection, { kind: 'event', box: event.box, sequence: event.sequence }),
  );
  const select = useCallback(
    (index: number) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      const element = scroller.current;
      if (!row || !element) return;
      const { box, sequence } = row.event;
      screen.navigate({ selection: { kind: 'event', box, sequence } }, 'replace');
      const top = rows.indexOf(row) * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + 2 * rowHeight > element.scrollTop + element.clientHeight)
        element.scrollTop = top + 2 * rowHeight - element.clientHeight;
    },
    [rows, rowHeight, screen],
  );
  useCommand({ next: () => select(selectedAt + 1), previous: () => select(selectedAt - 1) });

  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    onScroll();
    screen.feed.reading(element.scrollTop > rowHeight / 2);
  };
  // Leaving the list is no longer reading it.
  useEffect(() => () => screen.feed.reading(false), [screen]);
  useEffect(() => {
    if (view.to >= rows.length) screen.feed.older();
  }, [view.to, rows.length, screen]);

  const toTop = () => {
    if (scroller.current) scroller.current.scrollTop = 0;
    screen.feed.reading(false);
  };
  const moves: Record<string, () => void> = {
    ArrowDown: () => select(selectedAt + 1),
    ArrowUp: () => select(selectedAt - 1),
    PageDown: () => select(selectedAt + 20),
    PageUp: () => select(selectedAt - 20),
    Home: () => select(0),
    End: () => select(rows.length - 1),
  };

  return (
    <div className="event-table">
      <div className="event-line head" aria-hidden="true">
        <span>Time UTC</span>
        <span>Priority</span>
        <span>What happened</span>
        <span className="wide">Type</span>
        <span className="box-name">Box</span>
      </div>
      {feed.held.length > 0 && (
        <button type="button" className="button held" data-testid="held" onClick={toTop}>
          ▲ {feed.held.length} new {feed.held.length === 1 ? 'event' : 'events'}, waiting while you read
        </button>
      )}
      <div
        ref={scroller}
        className="scroller"
        role="listbox"
        tabIndex={0}
        aria-label="Events, newest first"
        aria-activedescendant={selectedAt >= 0 ? `event-${selectedAt}` : undefined}
        data-testid="event-list"
        onScroll={scrolled}
        onKeyDown={(event) => {
          const move = moves[event.key];
          if (!move) return;
          event.preventDefault();
          move();
        }}
      >
        <div role="presentation" style={{ height: rows.length * rowHeight, position: 'relative' }}>
          {rows.slice(view.from, view.to).map((row, i) => (
            <EventLine
              key={row.event.id}
              row={row}
              index={view.from + i}
              top={(view.from + i) * rowHeight}
              height={rowHeight}
              selected={view.from + i === selectedAt}
              replaced={replaced.has(row.event.id)}
              names={names}
              now={now - (now % 60_000)}
              onSelect={select}
            />
          ))}
        </div>
        <ListEnd feed={feed} shown={rows.length} onOlder={screen.feed.older} />
      </div>
    </div>
  );
}
