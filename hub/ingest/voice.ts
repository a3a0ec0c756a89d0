import { type Emission, type Event, type Origin, type Priority, priorities, toEvent } from '#flows/event';
import { hubFlowId } from '#flows/stored/entries';
import { digest } from '#flows/trust/canonical';
import type { Append, Checkpoint, Item } from '../store/store.ts';

/** A flow as its events name it. */
export interface FlowIdentity {
  readonly id: string;
  readonly hash: string;
}

/** What a part of a hub's flow has come to: its events are to be stored with its state and place, or not at all. */
export interface Conclusion {
  readonly flow: FlowIdentity;
  /**
   * Gives each event its number, in order: `give` returns its id. Returns what is stored with them. Asked again with
   * other numbers when nothing could be stored.
   */
  number(give: (site: string, emission: Emission) => string): Checkpoint;
}

const own: FlowIdentity = { id: hubFlowId, hash: digest('quaywatch hub') };
/** More than this waits only while the store fails; the oldest go. */
const limit = 1000;

export interface Said {
  readonly appends: readonly Append[];
  /** Place of each conclusion's checkpoint among the appends. */
  readonly checkpoints: ReadonlyMap<Conclusion, number>;
}

/**
 * What the hub itself has to say goes the way of all events: a sequence, a priority, a place in the
 * store. `watermarks` are those of the ingest, by `box priority`; `hubBox` is the hub's own name among the boxes.
 */
export function createVoice(watermarks: ReadonlyMap<string, number>, hubBox = 'hub-1') {
  let waiting: { site: string; emission: Emission }[] = [];
  let taken = 0;
  const none: Readonly<Record<Priority, number>> = { alarm: 0, verdict: 0, telemetry: 0 };
  let last = none;
  let next = none;
  /** Last number of a priority: what was told, or, where hubs were given the same name, what the other told. */
  const mark = (priority: Priority) => Math.max(last[priority], watermarks.get(`${hubBox} ${priority}`) ?? 0);

  return {
    say(site: string, emission: Emission): void {
      waiting.push({ site, emission });
      if (waiting.length > limit) {
        waiting.shift();
        taken = Math.max(0, taken - 1);
      }
    },
    waiting: () => waiting.length > 0,
    /** Numbers what waits, what tombstones say and what flows concluded, without giving the numbers away yet. */
    take(mourned: readonly { site: string; emission: Emission }[], conclusions: readonly Conclusion[]): Said {
      if (waiting.length + mourned.length + conclusions.length === 0)
        return { appends: [], checkpoints: new Map() };
      const previous = { alarm: mark('alarm'), verdict: mark('verdict'), telemetry: mark('telemetry') };
      let sequence = Math.max(previous.alarm, previous.verdict, previous.telemetry);
      const appends = priorities.map(
        (priority): Append => ({ box: hubBox, site: '', priority, items: [], after: previous[priority] }),
      );
      const add = (site: string, emission: Emission, flow: FlowIdentity): string => {
        sequence += 1;
        const { priority } = emission;
        const numbers = { sequence, previous: previous[priority] };
        previous[priority] = sequence;
        const origin: Origin = { site, box: hubBox };
        const event: Event = toEvent(emission, origin, flow, numbers);
        appends.push({ box: hubBox, site, priority, items: [{ event }] });
        return event.id;
      };
      taken = waiting.length;
      for (const { site, emission } of [...waiting, ...mourned]) add(site, emission, own);
      const checkpoints = new Map<Conclusion, number>();
      for (const conclusion of conclusions) {
        const checkpoint = conclusion.number((site, emission) => add(site, emission, conclusion.flow));
        checkpoints.set(conclusion, appends.length);
        appends.push({ box: hubBox, site: '', priority: 'telemetry', items: [], checkpoint });
      }
      next = previous;
      return { appends, checkpoints };
    },
    /** They are stored. */
    told(): void {
      last = next;
      waiting = waiting.slice(taken);
      taken = 0;
    },
  };
}

/** A tombstone explains a gap: people get to see it as an event. */
export function mourning(box: string, site: string, items: readonly Item[], now: number) {
  return items.flatMap(({ tombstone }) => {
    if (!tombstone) return [];
    const { priority, from, to, count, reason } = tombstone;
    const emission: Emission = {
      priority: 'verdict',
      type: 'quaywatch.outbox.tombstone',
      subject: box,
      time: new Date(now).toISOString(),
      data: { box, priority, from, to, count, reason },
      stage: 'ingest',
    };
    return [{ site, emission }];
  });
}
