/**
 * The one time cursor of the screen: live, or a moment of the past (ms since 1970 UTC) that stands
 * still or plays on. Everything shown is shown as it was at `momentOf`.
 */
export type Cursor =
  | { readonly mode: 'live' }
  | { readonly mode: 'past'; readonly at: number; readonly playing: boolean; readonly speed: number };

export type CursorAction =
  | { readonly kind: 'live' }
  | { readonly kind: 'go'; readonly at: number }
  | { readonly kind: 'step'; readonly byMs: number }
  | { readonly kind: 'play' | 'pause' | 'toggle' }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'elapsed'; readonly ms: number };

export interface CursorBounds {
  /** The hub's present, ms. */
  readonly now: number;
  /** First moment that the hub holds, ms. */
  readonly from?: number;
}

export const speeds = [1, 5, 20, 60, 300] as const;

/** Closer than this to the present is the present. */
const liveWithinMs = 1000;

export const momentOf = (cursor: Cursor, now: number): number => (cursor.mode === 'live' ? now : cursor.at);

export function moveCursor(cursor: Cursor, action: CursorAction, bounds: CursorBounds): Cursor {
  switch (action.kind) {
    case 'live':
      return { mode: 'live' };
    case 'go':
      return goTo(cursor, action.at, bounds);
    case 'step':
      return goTo(cursor, momentOf(cursor, bounds.now) + action.byMs, bounds);
    case 'play':
    case 'pause':
      return cursor.mode === 'live' ? cursor : { ...cursor, playing: action.kind === 'play' };
    case 'toggle':
      return cursor.mode === 'live'
        ? goTo(cursor, bounds.now - 2 * liveWithinMs, bounds)
        : { ...cursor, playing: !cursor.playing };
    case 'speed':
      return cursor.mode === 'live' ? cursor : { ...cursor, speed: action.speed };
    case 'elapsed':
      return cursor.mode === 'past' && cursor.playing
        ? goTo(cursor, cursor.at + action.ms * cursor.speed, bounds)
        : cursor;
  }
}

function goTo(cursor: Cursor, at: number, { now, from }: CursorBounds): Cursor {
  if (!Number.isFinite(at)) return cursor;
  if (at >= now - liveWithinMs) return { mode: 'live' };
  const bounded = from === undefined ? at : Math.max(at, Math.min(from, now - 2 * liveWithinMs));
  return cursor.mode === 'live'
    ? { mode: 'past', at: bounded, playing: false, speed: 1 }
    : { ...cursor, at: bounded };
}
