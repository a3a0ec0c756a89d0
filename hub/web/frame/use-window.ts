import { useEffect, useRef, useState } from 'react';
import type { Screen } from '../state/screen.ts';
import { useStore } from '../state/store.ts';
import { type RangeName, ranges, type Window, windowFor } from '../state/timeline-model.ts';

/**
 * Which piece of time the bar shows. Live, it ends at the present and moves with it; in the past it
 * stands still until the moment leaves it, so that nothing moves under a hand that drags.
 */
export function useWindow(screen: Screen) {
  const [range, setRangeName] = useState<RangeName>('1 h');
  const lengthMs = ranges.find((r) => r.name === range)?.ms ?? 3_600_000;
  const past = useStore(screen.cursor).mode === 'past';
  const moment = useStore(screen.moment);
  const now = useStore(screen.present);
  const held = useRef(false);
  const [fixed, setFixed] = useState<Window>(() => windowFor(lengthMs, moment, now));
  const outside = moment < fixed.from || moment > fixed.to || fixed.to - fixed.from !== lengthMs;

  useEffect(() => {
    if (held.current) return;
    if (!past || outside) setFixed(windowFor(lengthMs, moment, now));
  }, [past, outside, lengthMs, moment, now]);

  const window = past ? fixed : { from: now - lengthMs, to: now };
  // A live bar asks anew when a hundredth of it has passed; live events are counted in meanwhile.
  const key = past ? window.from : Math.floor(now / (lengthMs / 100));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the window is asked for when its key changes
  useEffect(() => screen.timeline.load(window), [key, lengthMs, past, screen]);

  return {
    window,
    range,
    setRange: setRangeName,
    /** Moves the bar by half its length; the cursor goes with it. */
    pan: (by: -1 | 1) => screen.moveTime({ kind: 'step', byMs: (by * lengthMs) / 2 }),
    holding: (on: boolean) => {
      held.current = on;
    },
  };
}
