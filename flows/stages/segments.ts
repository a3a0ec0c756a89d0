import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';
import type { MessageOf } from '../message.ts';

type Position = MessageOf<'position'>;
const number = (description: string) => Type.Number({ description });

/** One body under an identity: where it was last, and how it moved. */
const Segment = Type.Object({
  n: Type.Integer({ description: 'Number of the body, from 1.' }),
  sinceMs: number('Time of its first fix, epoch ms.'),
  ms: number('Time of its last fix, epoch ms.'),
  lon: number('Its longitude, degrees.'),
  lat: number('Its latitude, degrees.'),
  perMsLon: number('How it moved, degrees of longitude in a millisecond.'),
  perMsLat: number('How it moved, degrees of latitude in a millisecond.'),
  fixes: Type.Integer({ description: 'Fixes so far.' }),
  others: Type.Integer({ description: 'Fixes of other bodies since its first.' }),
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

export interface Parted {
  /** Fixes to pass on, with the number of their body. */
  readonly passed: readonly { readonly position: Position; readonly segment: number }[];
  readonly spikes: readonly Position[];
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

function follow(segment: Segment, { lon, lat }: Position, ms: number): void {
  const took = ms - segment.ms;
  if (took > 0 && Math.abs(lon - segment.lon) < 180) {
    segment.perMsLon = (lon - segment.lon) / took;
    segment.perMsLat = (lat - segment.lat) / took;
  }
  Object.assign(segment, { ms, lon, lat });
  segment.fixes += 1;
}

/**
 * Gives the fix to the body of its identity that can have got there, the nearest to where it should be; else
 * it begins another. That one is believed from its `confirmFixes`th fix on; when the others go on for
 * `spikeFixes` before, it was a spike. Changes `partition` in place.
 */
export function part(partition: Partition, position: Position, ms: number, rules: PartitionRules): Parted {
  const { segments } = partition;
  let body: Segment | undefined;
  for (const one of segments) {
    if (metresBetween(one.lon, one.lat, position.lon, position.lat) > reachM(one, ms, rules)) continue;
    if (!body || missM(one, position, ms) < missM(body, position, ms)) body = one;
  }
  const believed = segments.filter(({ held }) => held.length === 0);
  if (!body) {
    const { lon, lat } = position;
    body = {
      n: 0,
      sinceMs: ms,
      ms,
      lon,
      lat,
      perMsLon: 0,
      perMsLat: 0,
      fixes: 1,
      others: 0,
      held: [position],
    };
    segments.push(body);
  } else {
    follow(body, position, ms);
    if (body.held.length > 0) body.held.push(position);
  }
  for (const one of segments) if (one !== body && ms >= one.sinceMs) one.others += 1;
  const spikes = segments.filter(
    (one) => one !== body && one.held.length > 0 && one.others >= rules.spikeFixes,
  );
  partition.segments = segments.filter((one) => !spikes.includes(one));
  const dropped = spikes.flatMap(({ held }) => held as Position[]);
  if (body.held.length === 0) return { passed: [{ position, segment: body.n }], spikes: dropped };
  if (believed.length > 0 && body.fixes < rules.confirmFixes) return { passed: [], spikes: dropped };

  body.n = partition.next++;
  const passed = (body.held as Position[]).map((one) => ({ position: one, segment: (body as Segment).n }));
  const [first] = body.held as Position[];
  body.held = [];
  const from = believed.reduce<Segment | undefined>((a, b) => (a && a.ms > b.ms ? a : b), undefined);
  if (partition.segments.length > maxBodies) {
    partition.segments.sort((a, b) => b.ms - a.ms).pop();
  }
  if (!from || !first) return { passed, spikes: dropped };
  const distanceM = metresBetween(from.lon, from.lat, first.lon, first.lat);
  const hours = Math.max(1, Math.abs(body.sinceMs - from.ms)) / 3_600_000;
  return {
    passed,
    spikes: dropped,
    found: {
      what: body.others > 0 || from.ms >= body.sinceMs ? 'clone' : 'teleport',
      segment: body.n,
      from: { segment: from.n, lon: from.lon, lat: from.lat },
      distanceM,
      speedKph: distanceM / 1000 / hours,
    },
  };
}
