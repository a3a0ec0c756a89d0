import { type Emission, type Event, type Priority, toEvent } from '#flows/event';
import { digest } from '#flows/trust/canonical';
import type { Append, Item } from '../store/store.ts';

const flow = { id: 'hub', hash: digest('quaywatch hub') };
/** More than this waits only while the store fails; the oldest go. */
const limit = 1000;

/**
 * What the hub itself has to say goes the way of all events: a sequence, a priority, a place in the
 * store. `watermarks` are those of the ingest, by `box priority`; `hubBox` is the hub's own name among the boxes.
 */
export function createVoice(watermarks: ReadonlyMap<string, number>, hubBox = 'hub-1') {
  let waiting: { site: string; emission: Emission }[] = [];
  let taken = new Set<(typeof waiting)[number]>();
  const mark = (priority: Priority) => watermarks.get(`${hubBox} ${priority}`) ?? 0;
  const last: Record<Priority, number> = {
    alarm: mark('alarm'),
    verdict: mark('verdict'),
    telemetry: mark('telemetry'),
  };

  function say(site: string, emission: Emission): void {
    waiting.push({ site, emission });
    if (waiting.length > limit) waiting.shift();
  }

  return {
    say,
    waiting: () => waiting.length > 0,
    /** A tombstone explains a gap: people get to see it as an event. */
    mourn(box: string, site: string, items: readonly Item[], now: number): void {
      for (const { tombstone } of items) {
        if (!tombstone) continue;
        const { priority, from, to, count, reason } = tombstone;
        say(site, {
          priority: 'verdict',
          type: 'quaywatch.outbox.tombstone',
          subject: box,
          time: new Date(now).toISOString(),
          data: { box, priority, from, to, count, reason },
          stage: 'ingest',
        });
      }
    },
    /** Numbers what waits, without giving the numbers away yet. */
    take(): Append[] {
      let sequence = Math.max(last.alarm, last.verdict, last.telemetry);
      const previous = { ...last };
      taken = new Set(waiting);
      return waiting.map(({ site, emission }) => {
        sequence += 1;
        const { priority } = emission;
        const numbers = { sequence, previous: previous[priority] };
        previous[priority] = sequence;
        const event: Event = toEvent(emission, { site, box: hubBox }, flow, numbers);
        return { box: hubBox, site, priority, items: [{ event }] };
      });
    },
    /** They are stored. */
    told(appends: readonly Append[]): void {
      for (const { priority, items } of appends) last[priority] = items[0]?.event?.sequence ?? last[priority];
      waiting = waiting.filter((one) => !taken.has(one));
    },
  };
}
