import { useMemo, useRef, useState } from 'react';
import { count } from '../format/number.ts';
import { duration, utcMoment, utcTime } from '../format/time.ts';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { useWidth } from '../parts/use-width.ts';
import { useStore } from '../state/store.ts';
import type { Window } from '../state/timeline-model.ts';
import { shapesOf, ticksOf } from './histogram-shapes.ts';

const dragEveryMs = 80;
/** Room for the name of a moment below the bar, CSS px; and names where there is enough of it. */
const namePx = 64;
const mostNames = 8;

/** Events over time with the cursor's hand on it: click, drag, or the arrow keys move the moment. */
export function Histogram({ window, onHold }: { window: Window; onHold: (on: boolean) => void }) {
  const screen = useScreen();
  const timeline = useStore(screen.timeline.timeline);
  const past = useStore(screen.cursor).mode === 'past';
  const now = useStore(screen.present);
  const moment = useMoment();
  const [hover, setHover] = useState<number | undefined>(undefined);
  const lastDrag = useRef(0);
  const [place, widthPx] = useWidth<HTMLDivElement>(1000);
  const ticks = ticksOf(window, Math.min(mostNames, widthPx / namePx));
  const shapes = useMemo(() => timeline && shapesOf(timeline, window), [timeline, window]);
  const percent = (at: number) => ((at - window.from) / (window.to - window.from)) * 100;
  const timeAt = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return window.from + ((event.clientX - box.left) / box.width) * (window.to - window.from);
  };
  const go = (at: number) => screen.moveTime({ kind: 'go', at: Math.min(at, screen.hubNow()) });
  const bucketMs = (timeline?.bucketS ?? 15) * 1000;

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.shiftKey ? 10 * bucketMs : bucketMs;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => screen.moveTime({ kind: 'step', byMs: -step }),
      ArrowRight: () => screen.moveTime({ kind: 'step', byMs: step }),
      PageUp: () => screen.moveTime({ kind: 'step', byMs: -(window.to - window.from) / 6 }),
      PageDown: () => screen.moveTime({ kind: 'step', byMs: (window.to - window.from) / 6 }),
      Home: () => go(window.from),
      End: () => screen.moveTime({ kind: 'live' }),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return (
    <div
      ref={place}
      className="histogram"
      role="slider"
      tabIndex={0}
      aria-label="Moment shown"
      aria-valuemin={Math.round(window.from / 1000)}
      aria-valuemax={Math.round(window.to / 1000)}
      aria-valuenow={Math.round(moment / 1000)}
      aria-valuetext={past ? `${utcMoment(moment)}, ${duration(now - moment)} ago` : 'live'}
      data-testid="histogram"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(true);
        screen.moveTime({ kind: 'pause' });
        go(timeAt(event));
      }}
      onPointerMove={(event) => {
        const at = timeAt(event);
        setHover(at);
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        if (performance.now() - lastDrag.current < dragEveryMs) return;
        lastDrag.current = performance.now();
        go(at);
      }}
      onPointerUp={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        onHold(false);
        go(timeAt(event));
      }}
      onPointerCancel={() => onHold(false)}
      onPointerLeave={() => setHover(undefined)}
    >
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        <rect className="ground" width="1000" height="100" />
        {window.to > now && <rect className="future" x={percent(now) * 10} width="1000" height="100" />}
        {ticks.map((tick) => (
          <line
            key={tick.at}
            className="tick"
            x1={percent(tick.at) * 10}
            x2={percent(tick.at) * 10}
            y2="100"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {shapes && (
          <>
            <path className="bars" d={shapes.bars} />
            <path className="verdicts" d={shapes.verdicts} />
            <path className="alarms" d={shapes.alarms} />
          </>
        )}
      </svg>
      {ticks
        .filter((tick) => percent(tick.at) > 2 && percent(tick.at) < 98)
        .map((tick) => (
          <span key={tick.at} className="label" style={{ left: `${percent(tick.at)}%` }}>
            {tick.text}
          </span>
        ))}
      <span className="hand" style={{ left: `${Math.min(100, Math.max(0, percent(moment)))}%` }} />
      {hover !== undefined && (
        <span className="tip" style={{ left: `${Math.min(90, Math.max(10, percent(hover)))}%` }}>
          {tip(hover)}
        </span>
      )}
    </div>
  );

  function tip(at: number): string {
    const index = timeline ? Math.floor((at - Date.parse(timeline.from)) / bucketMs) : -1;
    const bucket = timeline?.counts[index];
    if (!bucket) return `${utcTime(at)} UTC`;
    return `${utcTime(at)} UTC · ${count(bucket.alarm)} alarm, ${count(bucket.verdict)} verdict, ${count(bucket.telemetry)} telemetry in ${duration(bucketMs)}`;
  }
}
