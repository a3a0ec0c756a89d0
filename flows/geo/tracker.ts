import { type Static, Type } from 'typebox';
import type { FenceIndex } from './fence-index.ts';
import { type Moment, Stay, type StayRules, step } from './stay.ts';
import { lastCrossing, momentAt, type Way } from './way.ts';

/** What is remembered of a device: its last fix, and the fences that it is in, entering or leaving. */
export const Tracked = Type.Object({
  ms: Type.Number({ description: 'Time of the last fix, epoch ms.' }),
  lon: Type.Number({ description: 'Its longitude, degrees.' }),
  lat: Type.Number({ description: 'Its latitude, degrees.' }),
  seenMs: Type.Optional(Type.Number({ description: 'Clock when it came, epoch ms; kept for dwell.' })),
  stays: Type.Record(Type.String(), Stay, { description: 'By id of the fence.' }),
});
export type Tracked = Static<typeof Tracked>;

/** What happened between a device and a fence. */
export interface FenceEvent {
  readonly what: 'enter' | 'exit' | 'cross' | 'dwell';
  /** Number of the fence in the index. */
  readonly fence: number;
  readonly at: Moment;
  /** Time of the fix that settled it; of a presumed dwell, of the clock. */
  readonly confirmed: string;
  /** No fix said so: the device was in the fence when it was last heard, and time passed. */
  readonly presumed?: boolean;
}

export interface TrackRules extends StayRules {
  /** Infinity: no dwell events. */
  readonly dwellMs: number;
  readonly toIso: (ms: number) => string;
}

export interface Observed {
  readonly tracked: Tracked;
  /** By time; at the same moment an object leaves before it enters. */
  readonly events: FenceEvent[];
  /** Stays whose dwell is now to be waited for (time at which it is due, epoch ms) or no longer. */
  readonly waits: { readonly id: string; readonly dueMs: number | undefined }[];
}

const order = { dwell: 0, exit: 1, cross: 2, enter: 3 } as const;

function inOrder(events: FenceEvent[]): FenceEvent[] {
  if (events.length < 2) return events;
  return events.sort((a, b) => a.at.ms - b.at.ms || order[a.what] - order[b.what] || a.fence - b.fence);
}

/** When a stay becomes a dwell, epoch ms; undefined when it is not confirmed, or has become one. */
export function dwellDue(stay: Stay, dwellMs: number): number | undefined {
  if (stay.enteredMs === undefined || stay.dwelt || dwellMs === Infinity) return undefined;
  return stay.enteredMs + dwellMs;
}

/** A fence may be called `constructor`. */
const stayOf = (stays: Tracked['stays'], id: string): Stay | undefined =>
  Object.hasOwn(stays, id) ? stays[id] : undefined;

/** Takes the next fix of a device. Changes `known` in place; undefined for a device never seen. */
export function observe(
  index: FenceIndex,
  rules: TrackRules,
  known: Tracked | undefined,
  fix: Moment,
): Observed {
  const segment = { x1: known?.lon ?? fix.lon, y1: known?.lat ?? fix.lat, x2: fix.lon, y2: fix.lat };
  const way: Way = { segment, fromMs: known?.ms, fix, toIso: rules.toIso };
  const tracked = known ?? { ms: fix.ms, lon: fix.lon, lat: fix.lat, stays: {} };
  const { stays } = tracked;
  const events: FenceEvent[] = [];
  const waits: Observed['waits'] = [];
  const handled: number[] = [];
  const add = (what: FenceEvent['what'], fence: number, at: Moment) => {
    events.push({ what, fence, at, confirmed: fix.time });
  };

  const settle = (fence: number, id: string, inside: boolean) => {
    handled.push(fence);
    const before = stayOf(stays, id);
    const phaseBefore = before?.phase;
    const sight = {
      inside,
      fixMs: fix.ms,
      isWithin: (metres: number) => index.isWithin(fence, fix.lon, fix.lat, metres),
      crossing: () => lastCrossing(index, fence, way, inside),
      meets: () => index.meetings(fence, segment).length > 0,
    };
    const { stay, change } = step(before, sight, rules);
    if (stay) stays[id] = stay;
    else delete stays[id];
    if (change) add(change.what, fence, change.at);
    const whole = stay ?? change?.stay;
    const dueMs = whole && dwellDue(whole, rules.dwellMs);
    if (!whole || dueMs === undefined) return;
    // out and not confirmed to be: whether it dwelt shows when it is back, or gone
    const untilMs = !stay ? change?.at.ms : stay.phase === 'inside' ? fix.ms : undefined;
    const dwelt = untilMs !== undefined && untilMs >= dueMs;
    if (dwelt) {
      whole.dwelt = true;
      add('dwell', fence, { ...fix, time: rules.toIso(dueMs), ms: dueMs });
    }
    if (dwelt || !stay) waits.push({ id, dueMs: undefined });
    else if (stay.phase === 'inside' && phaseBefore !== 'inside') waits.push({ id, dueMs });
  };

  index.near(segment, (fence, inside) => {
    const { id } = index.fences[fence] ?? { id: '' };
    if (inside || stayOf(stays, id)) return settle(fence, id, inside);
    if (!known) return;
    const [first] = index.meetings(fence, segment);
    // a fence that is new may have held the last fix already: then there was no crossing
    if (first === undefined || index.contains(fence, segment.x1, segment.y1)) return;
    add('cross', fence, momentAt(way, first));
  });
  for (const id in stays) {
    const fence = index.numberOf(id);
    if (fence === undefined) delete stays[id];
    else if (!handled.includes(fence)) settle(fence, id, false);
  }
  tracked.ms = fix.ms;
  tracked.lon = fix.lon;
  tracked.lat = fix.lat;
  return { tracked, events: inOrder(events), waits };
}
