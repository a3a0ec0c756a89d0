import type { Row } from '../bench.ts';
import type { BoxSystem } from './box.ts';
import type { Hub } from './hub.ts';
import type { HubWatch } from './hub-watch.ts';
import type { Stand } from './stand.ts';
import { rssBytes } from './usage.ts';
import { rest } from './wait.ts';

const overloadSeconds = 8;
/** Below this rate nothing is much of a load, however slow the machine was when the ladder was climbed. */
const leastRate = 40_000;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

export const overloadRate = (highest: number) => Math.max(leastRate, Math.round(highest * 1.5));

/**
 * What happens above the highest rate: half as much again, at least 40,000/s, for some seconds, with the box's memory, the lag
 * that it tells of, and afterwards whether every transition came out once.
 */
export async function overload(
  stand: Stand,
  box: BoxSystem,
  hub: Hub,
  watch: HubWatch,
  highest: number,
): Promise<Row> {
  const rate = overloadRate(highest);
  const before = rssBytes(box.child.pid);
  const told = watch.others.length;
  let peak = before;
  let hubPeak = 0;
  let lagMs = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      peak = Math.max(peak, rssBytes(box.child.pid));
      hubPeak = Math.max(hubPeak, rssBytes(hub.child.pid));
      // A status that does not come within the second says nothing about the lag.
      const status = await box.status().catch(() => undefined);
      lagMs = Math.max(lagMs, status?.lagMs ?? 0);
      await rest(250);
    }
  })();
  const stretch = await stand.stretch(box, rate * overloadSeconds, rate).finally(() => {
    over = true;
  });
  await watching;
  const announced = watch.others.slice(told).map((event) => event.type);
  return {
    name: 'info.path.overload',
    value: megabytes(peak),
    unit: 'MB',
    detail: {
      about: 'resident memory of the box at its peak while it is sent more than it can take in time',
      perSecondSent: Math.round(stretch.perSecond),
      seconds: overloadSeconds,
      rssBeforeMB: megabytes(before),
      hubPeakMB: megabytes(hubPeak),
      drainMs: Math.round(stretch.drainMs),
      lagMsAnnounced: Math.round(lagMs),
      eventsAnnounced: [...new Set(announced)],
    },
  };
}
