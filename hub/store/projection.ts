import type { Event } from '#flows/event';
import type { ObjectState } from '../api/types.ts';

/** What one event says of an object on the map. */
export interface Projection {
  readonly object: string;
  readonly time: number;
  readonly fix?: {
    readonly lon: number;
    readonly lat: number;
    readonly speedKph?: number;
    readonly courseDeg?: number;
    readonly quality: string;
    readonly kind: ObjectState['kind'];
  };
  readonly fence?: { readonly id: string; readonly inside: boolean };
  readonly seal?: { readonly state: string; readonly container?: string };
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/**
 * AIS identities and whatever names an IMO number or MMSI is a vessel, what says that it is a seal's own receiver a seal; the
 * rest of what moves, a vehicle.
 */
function kindOf(data: Record<string, unknown>): ObjectState['kind'] {
  const attributes = record(data.attributes);
  const said = text(attributes.objectKind);
  if (said === 'vehicle' || said === 'vessel' || said === 'seal' || said === 'other') return said;
  if (attributes.seal === true) return 'seal';
  return 'mmsi' in attributes || 'imo' in attributes ? 'vessel' : 'vehicle';
}

function fixOf(data: Record<string, unknown>, kind: ObjectState['kind']): Projection['fix'] {
  const [lon, lat] = [number(data.lon), number(data.lat)];
  if (lon === undefined || lat === undefined || Math.abs(lon) > 180 || Math.abs(lat) > 90) return undefined;
  const speedKph = number(data.speedKph);
  const courseDeg = number(data.courseDeg);
  return {
    lon,
    lat,
    ...(speedKph !== undefined && { speedKph }),
    ...(courseDeg !== undefined && { courseDeg }),
    quality: text(data.quality) ?? 'good',
    kind,
  };
}

function positionOf(data: Record<string, unknown>) {
  if (data.fix === false || data.quality === 'bad') return undefined;
  const fix = fixOf(data, kindOf(data));
  return fix && { fix };
}

function sealOf(type: string, data: Record<string, unknown>) {
  const state = text(data.state) ?? type.split('.')[2];
  if (state === undefined) return undefined;
  const container = text(data.container);
  const fix = fixOf(data, 'seal');
  return { seal: { state, ...(container !== undefined && { container }) }, ...(fix && { fix }) };
}

function fenceOf(type: string, data: Record<string, unknown>) {
  const id = text(data.fence);
  const change = type.split('.')[2];
  return id !== undefined && (change === 'enter' || change === 'exit')
    ? { fence: { id, inside: change === 'enter' } }
    : undefined;
}

/**
 * What the map and its history draw from an event: fixes from `quaywatch.position.observed`, fences
 * from `quaywatch.fence.enter` and `.exit`, seals from `quaywatch.seal.*`. The object is the vehicle
 * that a seal names (`data.attributes.vehicle`), else the subject. Undefined: nothing to draw.
 */
export function project(event: Event): Projection | undefined {
  const { type, data } = event;
  if (data.retracted === true) return undefined;
  const said =
    type === 'quaywatch.position.observed'
      ? positionOf(data)
      : type.startsWith('quaywatch.seal.')
        ? sealOf(type, data)
        : type.startsWith('quaywatch.fence.')
          ? fenceOf(type, data)
          : undefined;
  const object = (said && 'seal' in said && text(record(data.attributes).vehicle)) || event.subject;
  const time = Date.parse(event.time);
  if (!said || object === undefined || Number.isNaN(time)) return undefined;
  return { object, time, ...said };
}
