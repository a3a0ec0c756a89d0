import type { Event } from '#flows/event';
import type { Status } from '#flows/wire';
import type { StoredEvent } from '../api/types.ts';
import type { Point } from './series.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Points that an event holds: readings with their name and unit, and the speed of positions. */
export function pointsOf({ event }: Pick<StoredEvent, 'event'>): Point[] {
  const time = Date.parse(event.time);
  const { type, data, box, site } = event;
  if (Number.isNaN(time) || data.quality === 'bad' || data.retracted === true) return [];
  const device = deviceOf(event);
  if (type === 'quaywatch.reading.observed' && typeof data.name === 'string' && isNumber(data.value)) {
    const unit = typeof data.unit === 'string' ? data.unit : '';
    return [{ name: data.name, box, site, device, unit, time, value: data.value }];
  }
  if (type === 'quaywatch.position.observed' && isNumber(data.speedKph) && data.fix !== false)
    return [{ name: 'speed', box, site, device, unit: 'km/h', time, value: data.speedKph }];
  return [];
}

const deviceOf = ({ subject, data, box }: Event): string =>
  subject ?? (typeof data.device === 'string' ? data.device : box);

/** A box's own health as points of the moment in which the hub heard of it. */
export function healthPoints(status: Status, site: string, heard: number): Point[] {
  const { box, outbox } = status;
  const pending = Object.values(outbox.pending).reduce((sum, count) => sum + count, 0);
  const of = (name: string, unit: string, value: number): Point => ({
    name: `box.${name}`,
    box,
    site,
    device: box,
    unit,
    time: heard,
    value,
  });
  return [
    of('memory', 'By', status.rssBytes),
    of('lag', 'ms', status.lagMs),
    of('outbox.pending', '1', pending),
    of('outbox.bytes', 'By', outbox.bytes),
    of('devices.live', '1', status.devices.filter(({ state }) => state === 'live').length),
  ];
}
