import type { Event } from '#flows/event';
import type { RecordStore } from '../store/store.ts';
import type { Outage } from './gaps.ts';
import { standing } from './standing.ts';

const most = 500;
/** An outage is told of when it ends: so long after the time that is asked for, ms. */
const laterMs = 86_400_000;
/** What a box says of a silence beside `link`. */
const known = ['coverage', 'fix', 'power'] as const;

function outageOf({ type, data }: Event): Outage | undefined {
  const [from, to] = [Date.parse(String(data.from)), Date.parse(String(data.to))];
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  const reason = typeof data.reason === 'string' ? { reason: data.reason } : {};
  if (type === 'quaywatch.device.gap') return { class: 'device', from, to, ...reason };
  if (type === 'quaywatch.track.outage')
    return { class: 'link', from, to, reason: `${String(data.count)} were silent together` };
  return { class: known.find((one) => one === data.class) ?? 'link', from, to, ...reason };
}

const isNamed = ({ data }: Event, object: string): boolean =>
  Array.isArray(data.devices) && data.devices.includes(object);

/**
 * What was told of silence: of the object itself, of all that were silent with it, and of the receivers of the sites that it was at. `isObject` tells a
 * receiver that hears many from a device that speaks for itself alone.
 */
export async function outagesOf(
  records: RecordStore,
  isObject: (name: string) => Promise<boolean>,
  object: string,
  sites: readonly string[],
  from: number,
  to: number,
): Promise<Outage[]> {
  const span = { from, to: to + laterMs, limit: most };
  const own = await records.page({ ...span, subject: object, type: ['quaywatch.track.gap'] });
  const outages = await records.page({ ...span, type: ['quaywatch.track.outage'] });
  const shared = outages.filter(({ event }) => isNamed(event, object));
  const devices = await records.page({ ...span, site: sites, type: ['quaywatch.device.gap'] });
  const receivers = new Set<string | undefined>();
  for (const subject of new Set(devices.map(({ event }) => event.subject)))
    if (subject === undefined || subject === object || !(await isObject(subject))) receivers.add(subject);
  const heard = devices.filter(({ event }) => receivers.has(event.subject));
  return standing([...own, ...shared, ...heard].map(({ event }) => event)).flatMap((event) => {
    const outage = outageOf(event);
    return outage && outage.to > from && outage.from < to ? [outage] : [];
  });
}
