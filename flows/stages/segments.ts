import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';
import type { MessageOf } from '../message.ts';

type Position = MessageOf<'position'>;
const number = (description: string) => Type.Number({ description });

/** One body under an identity: where it was last, and how it moved. */
const Segment = Type.Object({
  n: Type.Integer({ description: 'Number of the body, from 1; 0 while it is not believed.' }),
  sinceMs: number('Time of its first fix, epoch ms.'),
  ms: number('Time of its last fix, epoch ms.'),
  lon: number('Its longitude, degrees.'),
  lat: number('Its latitude, degrees.'),
  perMsLon: number('How it moved, degrees of longitude in a millisecond.'),
  perMsLat: number('How it moved, degrees of latitude in a millisecond.'),
  fixes: Type.Integer({ description: 'Fixes so far.' }),
  others: Type.Integer({ description: 'Fixes of other bodies since its last.' }),
  spiked: Type.Boolean({ description: 'A fix of it was dropped as a spike.' }),
  cloned: Type.Boolean({ description: 'It has been told that it is one of two under the identity.' }),
  held: Type.Array(Type.Unknown(), { description: 'Fixes that are not passed on before it is confirmed.' }),
});
type Segment = Static<typeof Segment>;

export const Partition = Type.Object({
  segments: Type.Array(Segment, { description: 'Bodies, and places that may become one.' }),
  next: Type.Integer({ description: 'Number of the next body.' }),
});
export type Partition = Static<typeof Partition>;

export interface PartitionRules {
  readonly maxSpeedKph: number;
  readonly noiseM: number;
  readonly confirmFixes: number;
  readonly spikeFixes: number;
}

/** A body where it was heard last. */
interface Last {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

export interface Parted {
  /** Fixes to pass on, with the number of their body. */
  readonly passed: readonly { readonly position: Position; readonly segment: number }[];
  readonly spikes: readonly Position[];
  /** Where the body that the fix is of was before it; absent when that is its first. */
  readonly before?: Last;
  /** A body that is new to the identity: in two places at once (clone), or gone from the other (teleport). */
  readonly found?: {
    readonly what: 'clone' | 'teleport';
    readonly segment: number;
    readonly from: { readonly segment: number; readonly lon: number; readonly lat: number };
    readonly distanceM: number;
    readonly speedKph: number;
  };
}

/** Bodies that are remembered; beyond, the one that was silent longest is forgotten. */
const maxBodies = 8;
/** What fixes of one place differ by, metres: nearer than this, how far a fix is from where a body should be says nothing. */
const sameM = 20;
/** A body may brake or turn: it is where it should be to within half of this times the square of the time, m/s2, at most for so long, ms. */
const turnMs2 = 2;
const turnMs = 10_000;
/** For longer, a body is not thought to have gone on as it did, ms. */
const aheadMs = 3_600_000;

/** Metres to where the body should be by now, or was last: whichever is nearer. */
function missM(segment: Segment, { lon, lat }: Position, ms: number): number {
  const ahead = Math.min(aheadMs, ms - segment.ms);
  const expected = metresBetween(
    segment.lon + segment.perMsLon * ahead,
    segment.lat + segment.perMsLat * ahead,
    lon,
    lat,
  );
  return Math.min(expected, metresBetween(segment.lon, segment.lat, lon, lat));
}

const reachM = ({ ms }: Segment, nowMs: number, rules: PartitionRules) =>
  rules.noiseM + (rules.maxSpeedKph / 3600) * Math.max(0, nowMs - ms);

/** How far a fix is from where a body should be, by how well that is known. */
function strangeness(segment: Segment, position: Position, ms: number): number {
  const seconds = Math.min(turnMs, ms - segment.ms) / 1000;
  return Math.max(sameM, missM(segment, position, ms)) / (sameM + 0.5 * turnMs2 * seconds * seconds);
}

/** Bodies take turns: of two that fit alike the one that was not heard last. One that was long silent takes no turn. */
const turn = ({ others }: Segment, { spikeFixes }: PartitionRules) => (others <= spikeFixes ? others : -1);

function follow(segment: Segment, { lon, lat }: Position, ms: number): void {
  const took = ms - segment.ms;
  if (took > 0 && Math.abs(lon - segment.lon) < 180) {
    segment.perMsLon = (lon - segment.lon) / took;
    segment.perMsLat = (lat - segment.lat) / took;
  }
  segment.ms = ms;
  segment.lon = lon;
  segment.lat = lat;
  segment.fixes += 1;
}

/** Of the bodies that are believed, or that are not, the one that can have got to the fix and is nearest to where it should be. */
function nearest(
  segments: readonly Segment[],
  believed: boolean,
  position: Position,
  ms: number,
  rules: PartitionRules,
): Segment | undefined {
  let best: Segment | undefined;
  let least = Infinity;
  for (const one of segments) {
    if (one.n > 0 !== believed || distanceM(position, one) > reachM(one, ms, rules)) continue;
    const strange = strangeness(one, position, ms);
    if (best && (strange > least || (strange === least && turn(one, rules) <= turn(best, rules)))) continue;
    best = one;
    least = strange;
  }
  return best;
}

/** Whether what is not believed yet has been silent for too long to become a body. */
const isForgotten = ({ n, ms }: Segment, nowMs: number) => n === 0 && nowMs - ms > aheadMs;

/** Shared by all fixes that are no spike: never written to. */
const noSpikes: readonly Position[] = [];

const distanceM = ({ lon, lat }: Position, to: { readonly lon: number; readonly lat: number }) =>
  metresBetween(to.lon, to.lat, lon, lat);

function begin(segments: Segment[], position: Position, ms: number): Segment {
  const { lon, lat } = position;
  const begun: Segment = {
    n: 0,
    sinceMs: ms,
    ms,
    lon,
    lat,
    perMsLon: 0,
    perMsLat: 0,
    fixes: 1,
    others: 0,
    spiked: false,
    cloned: false,
    held: [],
  };
  if (segments.length >= maxBodies) {
    const oldest = segments.reduce((a, b) =>
      (a.n === 0) === (b.n === 0) ? (a.ms <= b.ms ? a : b) : a.n === 0 ? a : b,
    );
    segments.splice(segments.indexOf(oldest), 1);
  }
  segments.push(begun);
  return begun;
}

type Jump = NonNullable<Parted['found']>;

/** The jump between two bodies, at a fix. */
function jump(what: 'clone' | 'teleport', n: number, from: Segment, fix: Position, tookMs: number): Jump {
  const metres = distanceM(fix, from);
  const hours = Math.max(1, Math.abs(tookMs)) / 3_600_000;
  const origin = { segment: from.n, lon: from.lon, lat: from.lat };
  return { what, segment: n, from: origin, distanceM: metres, speedKph: metres / 1000 / hours };
}

/** A body goes on although another began since, from which the fix cannot be reached: there are two. */
function secondBody(
  body: Segment,
  lastMs: number,
  segments: readonly Segment[],
  position: Position,
  ms: number,
  rules: PartitionRules,
): Jump | undefined {
  const other = segments.find(
    (one) =>
      one !== body &&
      one.n > 0 &&
      !one.cloned &&
      one.sinceMs > lastMs &&
      distanceM(position, one) > reachM(one, ms, rules),
  );
  if (!other) return undefined;
  other.cloned = true;
  return jump('clone', other.n, body, { ...position, lon: other.lon, lat: other.lat }, ms - other.ms);
}

/**
 * Gives the fix to the body of its identity that can have got there, the nearest to where it should be; else
 * it begins another. That one is believed from its `confirmFixes`th fix on. When the others go on for `spikeFixes`
 * before, what it had was a spike; should it be heard again all the same, it takes one fix more. Changes
 * `partition` in place.
 */
export function part(partition: Partition, position: Position, ms: number, rules: PartitionRules): Parted {
  if (partition.segments.some((one) => isForgotten(one, ms)))
    partition.segments = partition.segments.filter((one) => !isForgotten(one, ms));
  const { segments } = partition;
  const known = nearest(segments, true, position, ms, rules) ?? nearest(segments, false, position, ms, rules);
  const lastMs = known?.ms ?? ms;
  const before = known && { ms: known.ms, lon: known.lon, lat: known.lat };
  if (known) follow(known, position, ms);
  const body = known ?? begin(segments, position, ms);
  let spikes = noSpikes;
  for (const one of segments) {
    one.others = one === body ? 0 : one.others + 1;
    if (one.n > 0 || one.held.length === 0 || one.others < rules.spikeFixes) continue;
    spikes = [...spikes, ...(one.held as Position[])];
    one.held = [];
    one.spiked = true;
  }
  if (body.n > 0) {
    const passed = [{ position, segment: body.n }];
    const found = secondBody(body, lastMs, segments, position, ms, rules);
    return { passed, spikes, ...(before && { before }), ...(found && { found }) };
  }
  body.held.push(position);
  const believed = segments.filter(({ n }) => n > 0);
  const needed = rules.confirmFixes + (body.spiked ? 1 : 0);
  if (believed.length > 0 && body.fixes < needed) return { passed: [], spikes, ...(before && { before }) };
  body.n = partition.next++;
  const passed = (body.held as Position[]).map((one) => ({ position: one, segment: body.n }));
  body.held = [];
  const from = believed.reduce<Segment | undefined>((a, b) => (a && a.ms > b.ms ? a : b), undefined);
  const [first] = passed;
  if (!from || !first) return { passed, spikes, ...(before && { before }) };
  const what = from.ms >= body.sinceMs ? 'clone' : 'teleport';
  body.cloned = what === 'clone';
  return {
    passed,
    spikes,
    ...(before && { before }),
    found: jump(what, body.n, from, first.position, body.sinceMs - from.ms),
  };
}
