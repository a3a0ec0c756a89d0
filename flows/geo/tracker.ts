import { type Static, Type } from 'typebox';
import type { FenceIndex } from './fence-index.ts';
import { insertionSort } from './insertion-sort.ts';
import { type Moment, type Sight, Stay, type StayRules, step } from './stay.ts';
import { lastCrossing, momentAt, type Way } from './way.ts';

/** What is remembered of a device: its last fix, and the fences that it is in, entering or leaving. */
export const Tracked = Type.Object({
  ms: Type.Number({ description: 'Time of the last fix, epoch ms.' }),
  lon: Type.Number({ description: 'Its longitude, degrees.' }),
  lat: Type.Number({ description: 'Its latitude, degrees.' }),
  seenMs: Type.Optional(Type.Number({ description: 'Clock when it came, epoch ms; kept for dwell.' })),
  class: Type.Optional(
    Type.String({
      description: 'What kind of object it is, where fences are for some only; kept for dwell.',
    }),
  ),
  stays: Type.Array(Stay, { description: 'One a fence.' }),
});
export type Tracked = Static<typeof Tracked>;

/**
 * Numbers of a plain object lie in boxes of their own, made anew with each fix, wherever an object of other values has the same
 * names in the same order, as its schema does: a class is spared that.
 */
class Track implements Tracked {
  ms = 0; // declared without a value, a field is undefined at first and no number's own
  lon = 0;
  lat = 0;
  stays: Tracked['stays'];

  constructor({ ms, lon, lat, stays }: Tracked) {
    this.ms = ms;
    this.lon = lon;
    this.lat = lat;
    this.stays = stays;
  }

  /** One that came from a checkpoint is a plain object. */
  static of(known: Tracked): Tracked {
    return known instanceof Track ? known : Object.assign(new Track(known), known);
  }
}

/** The fix that is looked at; copied by what keeps it. See `Track` for why it is a class. */
class Fix implements Moment {
  time = '';
  ms = 0;
  lon = 0;
  lat = 0;
}

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

/** Holds until the next fix of any device. */
export interface Observed {
  tracked: Tracked;
  /** By time; at the same moment an object leaves before it enters. */
  events: readonly FenceEvent[];
  /** Stays whose dwell is now to be waited for, or no longer. */
  waits: readonly Wait[];
}

export interface Wait {
  readonly id: string;
  /** Time at which it is due, epoch ms. */
  readonly dueMs: number | undefined;
}

const order = { dwell: 0, exit: 1, cross: 2, enter: 3 } as const;

const inOrder = (events: FenceEvent[]): FenceEvent[] =>
  insertionSort(
    events,
    events.length,
    (a, b) => a.at.ms - b.at.ms || order[a.what] - order[b.what] || a.fence - b.fence,
  );

/** When a stay becomes a dwell, epoch ms; undefined when it is not confirmed, or has become one. */
export function dwellDue(stay: Stay, dwellMs: number): number | undefined {
  if (stay.enteredMs === undefined || stay.dwelt || dwellMs === Infinity) return undefined;
  return stay.enteredMs + dwellMs;
}

/** What is remembered of a device and the fence with an id. */
export function stayIn(stays: Tracked['stays'], id: string): Stay | undefined {
  for (let i = 0; i < stays.length; i++) if (stays[i]?.fence === id) return stays[i];
  return undefined;
}

/** Stays of all devices that are in no fence, which most are: one list is less to wait for. Never written to. */
const nowhere: Tracked['stays'] = [];

const nowhen: Tracked = { ms: 0, lon: 0, lat: 0, stays: nowhere };

/** Nothing of either; shared, so never written to. */
const nothing: readonly never[] = [];

/**
 * What takes the next fix of a device: changes `known` in place; undefined for a device never seen. Most fixes settle nothing,
 * so what a fix needs is kept from fix to fix instead of made anew.
 */
export function observer(index: FenceIndex, rules: TrackRules) {
  const ids = index.fences.map((one) => one.id);
  const segment = { x1: 0, y1: 0, x2: 0, y2: 0 };
  const observed: Observed = { tracked: new Track(nowhen), events: nothing, waits: nothing };
  let way: Way | undefined;
  const fix = new Fix();
  let known: Tracked | undefined;
  let stays = nowhere;
  let events: FenceEvent[] | undefined;
  let waits: Wait[] | undefined;
  /** Stays of the device that the fix has been held against, … */
  const seen: Stay[] = [];
  /** … and how many they are. */
  let settled = 0;
  let fence = 0;
  let id = '';
  let inside = false;

  const wayNow = (): Way => {
    way ??= { segment: { ...segment }, fromMs: known?.ms, fix: { ...fix }, toIso: rules.toIso };
    return way;
  };
  const sight: Sight = {
    get fence() {
      return id;
    },
    get inside() {
      return inside;
    },
    get fixMs() {
      return fix.ms;
    },
    isWithin: (metres) => index.isWithin(fence, fix.lon, fix.lat, metres),
    crossing: () => lastCrossing(index, fence, wayNow(), inside),
    meets: () => index.meetings(fence, segment).length > 0,
  };
  const add = (what: FenceEvent['what'], at: Moment) => {
    events ??= [];
    events.push({ what, fence, at, confirmed: fix.time });
  };
  const wait = (dueMs: number | undefined) => {
    waits ??= [];
    waits.push({ id, dueMs });
  };

  function forget(stay: Stay | undefined): void {
    if (stay) stays.splice(stays.indexOf(stay), 1);
    if (stays.length === 0) stays = nowhere;
  }

  function isSettled(stay: Stay): boolean {
    for (let i = 0; i < settled; i++) if (seen[i] === stay) return true;
    return false;
  }

  function settle(before: Stay | undefined): void {
    // most of all: it is in, and stays in
    if (inside && before?.phase === 'inside' && rules.dwellMs === Infinity) {
      seen[settled++] = before;
      return;
    }
    const phaseBefore = before?.phase;
    const { stay, change } = step(before, sight, rules);
    if (stay) seen[settled++] = stay;
    else forget(before);
    if (stay && stay !== before) {
      if (stays === nowhere) stays = [stay];
      else stays.push(stay);
    }
    if (change) add(change.what, change.at);
    const whole = stay ?? change?.stay;
    const dueMs = whole && dwellDue(whole, rules.dwellMs);
    if (!whole || dueMs === undefined) return;
    // out and not confirmed to be: whether it dwelt shows when it is back, or gone
    const untilMs = !stay ? change?.at.ms : stay.phase === 'inside' ? fix.ms : undefined;
    const dwelt = untilMs !== undefined && untilMs >= dueMs;
    if (dwelt) {
      whole.dwelt = true;
      add('dwell', { ...fix, time: rules.toIso(dueMs), ms: dueMs });
    }
    if (dwelt || !stay) wait(undefined);
    else if (stay.phase === 'inside' && phaseBefore !== 'inside') wait(dueMs);
  }

  const visit = (number: number, holds: boolean) => {
    fence = number;
    inside = holds;
    id = ids[number] ?? '';
    const before = stayIn(stays, id);
    if (inside || before) return settle(before);
    if (!known) return;
    const [first] = index.meetings(number, segment);
    // a fence that is new may have held the last fix already: then there was no crossing
    if (first === undefined || index.contains(number, segment.x1, segment.y1)) return;
    add('cross', momentAt(wayNow(), first));
  };

  /** Fences that the way is not near to any more. */
  function leave(left: readonly Stay[]): void {
    for (const stay of left) {
      const number = index.numberOf(stay.fence);
      if (number === undefined) forget(stay);
      else {
        fence = number;
        inside = false;
        id = stay.fence;
        settle(stay);
      }
    }
  }

  return (tracked: Tracked | undefined, time: string, ms: number, lon: number, lat: number): Observed => {
    known = tracked;
    fix.time = time;
    fix.ms = ms;
    fix.lon = lon;
    fix.lat = lat;
    way = undefined;
    events = undefined;
    waits = undefined;
    settled = 0;
    segment.x1 = tracked?.lon ?? lon;
    segment.y1 = tracked?.lat ?? lat;
    segment.x2 = lon;
    segment.y2 = lat;
    const next = Track.of(tracked ?? { ms, lon, lat, stays: nowhere });
    stays = next.stays;
    index.near(segment, visit);
    if (settled < stays.length) leave(stays.filter((stay) => !isSettled(stay)));
    next.stays = stays;
    next.ms = ms;
    next.lon = lon;
    next.lat = lat;
    observed.tracked = next;
    observed.events = events ? inOrder(events) : nothing;
    observed.waits = waits ?? nothing;
    return observed;
  };
}
