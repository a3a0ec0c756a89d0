import { useCallback, useEffect, useRef } from 'react';
import { useRowHeight } from '../../events/use-row-height.ts';
import { useRowsInView } from '../../events/use-rows-in-view.ts';
import { useCommand } from '../../frame/use-command.ts';
import { useMoment, useScreen } from '../../parts/screen-context.tsx';
import { sameSelection } from '../../state/address.ts';
import { scanName } from '../../state/digest.ts';
import type { Scans } from '../../state/scans.ts';
import { useSelected } from '../../state/store.ts';
import { useSize } from '../viewer/use-size.ts';
import { gridOf } from './grid.ts';
import { ScanCard } from './scan-card.tsx';

/** The cards: only those in view are in the page, so that thousands scroll without a stutter. */
export function ScanGrid({ scans }: { scans: Scans }) {
  const screen = useScreen();
  const { rows } = scans;
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const rem = useRowHeight(1);
  const grid = gridOf(size.width, rem, rows.length);
  const { view, onScroll } = useRowsInView(scroller, grid.rowHeight, grid.rows);
  const selection = useSelected(screen.address, (address) => address.selection);
  const moment = useMoment();
  const selectedAt = rows.findIndex((row) =>
    sameSelection(selection, { kind: 'scan', box: row.box, scan: row.scan }),
  );

  const select = useCallback(
    (index: number) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      const element = scroller.current;
      if (!row || !element) return;
      screen.navigate({ selection: { kind: 'scan', box: row.box, scan: row.scan } }, 'replace');
      const top = Math.floor(rows.indexOf(row) / grid.across) * grid.rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + grid.rowHeight > element.scrollTop + element.clientHeight)
        element.scrollTop = top + grid.rowHeight - element.clientHeight;
    },
    [rows, grid.across, grid.rowHeight, screen],
  );
  const open = useCallback(
    (index: number) => {
      const row = rows[index];
      if (row)
        screen.navigate({ scan: { box: row.box, scan: row.scan }, look: undefined, selection: undefined });
    },
    [rows, screen],
  );
  useCommand({ next: () => select(selectedAt + 1), previous: () => select(selectedAt - 1) });
  useEffect(() => {
    if (view.to >= grid.rows) screen.scans.older();
  }, [view.to, grid.rows, screen]);

  const page = Math.max(1, Math.floor(size.height / Math.max(1, grid.rowHeight))) * grid.across;
  const moves: Record<string, () => void> = {
    ArrowRight: () => select(selectedAt + 1),
    ArrowLeft: () => select(selectedAt - 1),
    ArrowDown: () => select(selectedAt + (selectedAt < 0 ? 1 : grid.across)),
    ArrowUp: () => select(selectedAt - grid.across),
    PageDown: () => select(selectedAt + page),
    PageUp: () => select(selectedAt - page),
    Home: () => select(0),
    End: () => select(rows.length - 1),
    Enter: () => open(selectedAt),
  };
  const first = view.from * grid.across;
  return (
    <div
      ref={scroller}
      className="scroller scan-grid"
      role="listbox"
      tabIndex={0}
      aria-label="Scans, live ones first, then the newest. Enter opens."
      aria-activedescendant={selectedAt >= 0 ? `scan-${selectedAt}` : undefined}
      data-testid="scan-grid"
      onScroll={onScroll}
      onKeyDown={(event) => {
        const move = moves[event.key];
        if (!move) return;
        event.preventDefault();
        move();
      }}
    >
      <div
        role="presentation"
        style={{ height: grid.rows * grid.rowHeight + grid.gap, position: 'relative' }}
      >
        {size.width > 0 &&
          rows
            .slice(first, view.to * grid.across)
            .map((scan, i) => (
              <ScanCard
                key={scanName(scan)}
                scan={scan}
                index={first + i}
                {...grid.place(first + i)}
                selected={first + i === selectedAt}
                now={moment - (moment % 10_000)}
                onSelect={select}
                onOpen={open}
              />
            ))}
      </div>
      {scans.status !== 'failed' && (
        <p className="empty" data-testid="scans-end">
          {endWords(scans)}
        </p>
      )}
    </div>
  );
}

function endWords({ rows, status, complete, loadingOlder }: Scans): string {
  if (status === 'loading' && rows.length === 0) return 'Asking the hub …';
  if (rows.length === 0) return 'No scan fits. Widen the filters, or go to another moment.';
  if (complete) return 'That is all there is.';
  return loadingOlder ? 'Asking for older scans …' : '';
}
