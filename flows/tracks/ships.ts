import { metresBetween } from '../geo/polyline.ts';

/** A knot in metres a second. */
export const knotMs = 0.514_444;
/** Slower than this a ship drifts, lies or works. */
const slowKn = 2;
/** Of a longer time between two fixes nobody knows how it was spent, ms. */
const unheardMs = 3_600_000;

/** A ship's place at a moment, and the speed that its track has there, knots. */
export interface ShipFix {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
  readonly speedKn: number;
}

/** What is remembered of one ship. */
export interface ShipRecord {
  last: ShipFix;
  /** Since when it is slow, epoch ms; 0: it is not. */
  slowFromMs: number;
  loitered: boolean;
  /** Zone that it has arrived in; empty: none. */
  port: string;
}

export interface ShipRules {
  readonly gapMs: number;
  readonly loiterMs: number;
}

export type ShipChange =
  | {
      readonly what: 'dark';
      readonly from: ShipFix;
      readonly to: ShipFix;
      readonly distanceM: number;
      readonly speedKn: number;
    }
  | { readonly what: 'loitering'; readonly fromMs: number }
  | { readonly what: 'arrival'; readonly zone: string };

/** The next fix of a ship, in order of time; `zone` is the fence that it is in, `away` whether it is far from all. */
export function shipStep(
  known: ShipRecord | undefined,
  fix: ShipFix,
  zone: string | undefined,
  away: boolean,
  rules: ShipRules,
): { readonly record: ShipRecord; readonly changes: readonly ShipChange[] } {
  const changes: ShipChange[] = [];
  const slow = fix.speedKn < slowKn;
  const record: ShipRecord = known
    ? { ...known }
    : { last: fix, slowFromMs: 0, loitered: false, port: zone ?? '' };
  const gapMs = fix.ms - record.last.ms;
  if (known && gapMs >= rules.gapMs) {
    const distanceM = metresBetween(record.last.lon, record.last.lat, fix.lon, fix.lat);
    const speedKn = distanceM / (gapMs / 1000) / knotMs;
    changes.push({ what: 'dark', from: record.last, to: fix, distanceM, speedKn });
  }
  if (gapMs > unheardMs) record.slowFromMs = 0;
  if (!slow || !away) {
    record.slowFromMs = 0;
    record.loitered = false;
  } else if (record.slowFromMs === 0) record.slowFromMs = fix.ms;
  else if (!record.loitered && fix.ms - record.slowFromMs >= rules.loiterMs) {
    record.loitered = true;
    changes.push({ what: 'loitering', fromMs: record.slowFromMs });
  }
  if (zone === undefined) record.port = '';
  else if (slow && record.port !== zone) {
    record.port = zone;
    if (known) changes.push({ what: 'arrival', zone });
  }
  record.last = fix;
  return { record, changes };
}

/** Something that a radar or a camera follows and no ship explains. */
export interface Contact {
  readonly fromMs: number;
  lastMs: number;
  told: boolean;
}
/** A target that was not seen for longer is another, by whatever number, ms. */
const sameContactMs = 600_000;

/** The next look at a target that no ship explains; `begins` when that has been so for `contactMs`, once. */
export function contactStep(
  known: Contact | undefined,
  ms: number,
  contactMs: number,
): { readonly contact: Contact; readonly begins: boolean } {
  const isSame = known !== undefined && ms - known.lastMs <= sameContactMs;
  const contact = isSame ? { ...known, lastMs: ms } : { fromMs: ms, lastMs: ms, told: false };
  const begins = !contact.told && ms - contact.fromMs >= contactMs;
  if (begins) contact.told = true;
  return { contact, begins };
}

/** Two ships near each other. */
export interface Meeting {
  readonly fromMs: number;
  lastMs: number;
  /** Sum of the speeds of both at so many looks, knots. */
  speedsKn: number;
  looks: number;
  nearestM: number;
  told: boolean;
}

export interface MeetingRules {
  readonly distanceM: number;
  readonly durationMs: number;
  readonly maxSpeedKn: number;
}

/** Looks at two ships at one moment; `undefined` when they are not near each other (any more). */
export function meetingStep(
  known: Meeting | undefined,
  ms: number,
  distanceM: number,
  speedKn: number,
  rules: MeetingRules,
): { readonly meeting?: Meeting; readonly began: boolean } {
  if (distanceM > rules.distanceM) return { began: false };
  const meeting = known ?? {
    fromMs: ms,
    lastMs: ms,
    speedsKn: 0,
    looks: 0,
    nearestM: distanceM,
    told: false,
  };
  meeting.lastMs = ms;
  meeting.speedsKn += speedKn;
  meeting.looks += 1;
  meeting.nearestM = Math.min(meeting.nearestM, distanceM);
  const long = ms - meeting.fromMs >= rules.durationMs;
  const began = long && !meeting.told && meeting.speedsKn / meeting.looks <= rules.maxSpeedKn;
  if (began) meeting.told = true;
  return { meeting, began };
}
