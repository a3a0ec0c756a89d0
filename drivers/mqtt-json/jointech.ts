import type { Problem } from '#flows/fault';
import type { Message, MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { type Fields, numberOf, publicFields } from './jointech-fields.ts';
import { momentText } from './time.ts';

/**
 * What Jointech's platform pushes for its seals: `upload/{accessKey}/{deviceNum}/location`, and `alarm`, `event` and
 * `cmd`; a lock below a device has a level of its own. Fields of a location are those of the maker's public page on data
 * push; it does not give the codes of `statusJson`, which are taken as in the status word of the same locks. The forms of
 * the other three are not public: what they have in common with a location is read, all else stays an attribute.
 */
interface Address {
  readonly device: string;
  /** The device that a lock of its own speaks through. */
  readonly through: string | undefined;
  readonly report: string;
}

const reports: ReadonlySet<string> = new Set(['location', 'alarm', 'event', 'cmd']);

/** The device of a topic; undefined for a topic of another kind. The access key is no part of it, nor of anything else. */
export function jointechAddress(topic: string | undefined): Address | undefined {
  const [root, , device, ...rest] = topic?.split('/') ?? [];
  const report = rest.pop();
  if (root !== 'upload' || !device || report === undefined || !reports.has(report) || rest.length > 1)
    return undefined;
  const [lock] = rest;
  return lock ? { device: lock, through: device, report } : { device, through: undefined, report };
}

/** A topic without the access key, which lets anybody read and order for the account. */
export const withoutKey = (topic: string): string => topic.replace(/^upload\/[^/]+(?=\/)/, 'upload/***');

const wrong = (field: string): Problem => faults.problem('jointech.field', { field });

/** The worst decides: -1 stands for a part that the lock does not have. */
function stateOf(status: Fields): Pick<MessageOf<'seal'>, 'state' | 'reason'> | Problem {
  const lock = numberOf(status.lockStatus);
  const parts = { lockRope: numberOf(status.lockRope), lockBar: numberOf(status.lockBar) };
  for (const value of [lock, parts.lockRope, parts.lockBar])
    if (value !== undefined && ![-1, 0, 1].includes(value)) return wrong('statusJson');
  if (lock !== 0 && lock !== 1) return wrong('statusJson');
  if (lock === 0) return { state: 'unlocked' };
  if (parts.lockRope === 0) return { state: 'unlocked', reason: 'ropeOut' };
  if (parts.lockBar === 0) return { state: 'unlocked', reason: 'barOut' };
  return { state: 'locked' };
}

type Common = Pick<Message, 'quality'> & { readonly device: string; readonly time?: string };

function sealOf(
  common: Common,
  fields: Fields,
  attributes: Record<string, unknown>,
): MessageOf<'seal'> | Problem | undefined {
  const { statusJson } = fields;
  if (statusJson === undefined) return undefined;
  const state = typeof statusJson === 'object' ? stateOf(statusJson as Fields) : wrong('statusJson');
  if ('code' in state) return state;
  const battery = numberOf(fields.battery);
  const charge = battery !== undefined && battery >= 0 && battery <= 100 ? { batteryPct: battery } : {};
  return { kind: 'seal', ...common, ...state, ...charge, attributes };
}

function positionOf(
  common: Common,
  fields: Fields,
  attributes: Record<string, unknown>,
): MessageOf<'position'> | Problem | undefined {
  const { longitude, latitude } = fields;
  if (longitude === undefined && latitude === undefined) return undefined;
  const [lon, lat] = [numberOf(longitude), numberOf(latitude)];
  if (lon === undefined || Math.abs(lon) > 180) return wrong('longitude');
  if (lat === undefined || Math.abs(lat) > 90) return wrong('latitude');
  const speedKph = numberOf(fields.speed);
  const courseDeg = numberOf(fields.direction);
  return {
    kind: 'position',
    ...common,
    lon,
    lat,
    ...(speedKph === undefined ? {} : { speedKph }),
    ...(courseDeg === undefined ? {} : { courseDeg }),
    // 0 is "not located" in the maker's own example, at 0 degrees 0.
    fix: numberOf(fields.locType) !== 0 && !(lon === 0 && lat === 0),
    attributes,
  };
}

/** Fields that messages have of their own. */
const named = new Set(['assetId', 'longitude', 'latitude', 'speed', 'direction', 'gpsTime']);

/** The messages of one report: where it is, how the lock stands, or that there was a report of another form. */
export function readJointech(topic: string | undefined, payload: unknown): readonly (Message | Problem)[] {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return [faults.problem('json.shape', { detail: 'it is no object' })];
  const address = jointechAddress(topic);
  const fields = publicFields(payload as Fields);
  const asset = typeof fields.assetId === 'string' ? fields.assetId : undefined;
  const device = address?.device ?? asset;
  if (device === undefined) return [wrong('assetId')];
  // One of the two is wrong, and nobody can say which; a lock below a device may be called by either.
  if (address && !address.through && asset !== undefined && asset !== device) return [wrong('assetId')];
  const { gpsTime } = fields;
  const ms =
    typeof gpsTime === 'string' && /Z|[-+]\d\d:\d\d$/.test(gpsTime) ? Date.parse(gpsTime) : Number.NaN;
  const at = momentText(ms);
  if (gpsTime !== undefined && at === undefined) return [wrong('gpsTime')];
  const report = address?.report ?? 'location';
  const attributes: Record<string, unknown> = { report };
  if (address?.through !== undefined) attributes.through = address.through;
  for (const [name, value] of Object.entries(fields)) if (!named.has(name)) attributes[name] = value;
  const time = at === undefined ? {} : { time: at };
  const common: Common = { device, ...time, quality: 'good' };
  const made = [positionOf(common, fields, attributes), sealOf(common, fields, { ...attributes })].filter(
    (message) => message !== undefined,
  );
  if (made.length > 0) return made;
  return [{ kind: 'reading', ...common, name: report, value: 1, unit: '1', attributes }];
}
