import type { Out } from '../process.ts';
import type { KeyedState, StageContext } from '../stage.ts';
import type { Sighting } from '../tracks/crowd.ts';
import { crowds, sightingOf } from './crowds.ts';
import { eventAbout } from './fixes.ts';
import { toIso } from './time.ts';

/** Who was where, to the last digit. */
export interface Seen {
  readonly device: string;
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

interface Place {
  readonly lon: number;
  readonly lat: number;
  seen: Seen[];
  /** Who they are. */
  names: string[];
  /** So many are kept before the older ones are forgotten. */
  room: number;
}

/** Places that are remembered at most, in two halves: when the younger is full or old, the older goes as a whole. */
const maxPlaces = 100_000;
/** Places that so many were at, remembered at most. */
const maxShared = 1000;

export interface SharedRules {
  /** So many devices … */
  readonly devices: number;
  /** … within this time, ms. */
  readonly windowMs: number;
  /** How late fixes may come, ms. */
  readonly latenessMs: number;
}

const placeOf = (seen: Seen): Place => ({
  lon: seen.lon,
  lat: seen.lat,
  seen: [seen],
  names: [seen.device],
  room: 8,
});

/** Places compare by one number; two seldom share one, and are told apart. */
const numberOf = (lon: number, lat: number): number => lon * 1024 + lat;

/**
 * Tells of devices that were at one place, to the last digit, at one time. Nearly every place has one device, so places are
 * kept outside the state until enough have been at one; after a restart they are those that `remembered` gives of each device.
 */
export function sharedPlaces(
  ctx: StageContext,
  state: KeyedState,
  { devices, windowMs, latenessMs }: SharedRules,
  remembered: () => Iterable<Seen>,
) {
  const horizonMs = windowMs + latenessMs;
  /** What one device alone was at is that fix. */
  let young = new Map<number, Seen | Place>();
  let old = new Map<number, Seen | Place>();
  let youngSinceMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  /** Places that are watched, and when they were heard of last, epoch ms. */
  const shared = new Map<
    number,
    { readonly key: string; readonly lon: number; readonly lat: number; ms: number }
  >();
  let isBegun = false;
  const watched = crowds(ctx, state, 'place', {
    enough: devices,
    radiusM: 0,
    windowMs,
    latenessMs: horizonMs,
    draft: (members, _firstMs, { device, ms, lon, lat }) =>
      eventAbout('quaywatch.track.spoof', device, toIso(ms), ctx.node, {
        reason: 'place',
        devices: members.map((one) => one.device),
        lon,
        lat,
      }),
  });

  function begin(out: Out): void {
    isBegun = true;
    for (const key of state.keys()) {
      const [lon = 0, lat = 0] = key.split(',').map(Number);
      const { lastMs } = state.get(key) as { lastMs: number };
      shared.set(numberOf(lon, lat), { key, lon, lat, ms: lastMs });
      newestMs = Math.max(newestMs, lastMs);
    }
    for (const seen of remembered()) if (!sharedAt(seen)) keep(seen, out);
  }

  function put(number: number, one: Seen | Place): void {
    young.set(number, one);
    if (newestMs < youngSinceMs) youngSinceMs = newestMs;
    if (young.size < maxPlaces / 2 && newestMs - youngSinceMs <= horizonMs) return;
    old = young;
    young = new Map();
    youngSinceMs = Number.POSITIVE_INFINITY;
  }

  function sharedAt({ lon, lat }: Seen) {
    const known = shared.get(numberOf(lon, lat));
    return known && known.lon === lon && known.lat === lat ? known : undefined;
  }

  const see = (key: string, { device, ms, lon, lat }: Seen, out: Out) => {
    const sighting: Sighting = { device, ms, lon, lat, weight: 1, sign: 'place' };
    watched.see(key, sightingOf(sighting, ctx.node), out);
  };

  /** The one that was silent longest makes room, and all that nothing can come to any more go. */
  function sweep(): void {
    if (shared.size < maxShared) return;
    const byTime = [...shared].sort(([, a], [, b]) => a.ms - b.ms);
    for (const [i, [number, { key, ms }]] of byTime.entries()) {
      if (i > 0 && ms > newestMs - 2 * horizonMs) break;
      state.delete(key);
      shared.delete(number);
    }
  }

  function watch(place: Place, out: Out): void {
    const { lon, lat, seen } = place;
    sweep();
    const key = `${lon},${lat}`;
    shared.set(numberOf(lon, lat), { key, lon, lat, ms: newestMs });
    for (const one of seen.sort((a, b) => a.ms - b.ms)) see(key, one, out);
    place.seen = [];
    place.names = [];
  }

  function keep(seen: Seen, out: Out): void {
    if (seen.ms > newestMs) newestMs = seen.ms;
    const number = numberOf(seen.lon, seen.lat);
    const known = young.get(number) ?? old.get(number);
    if (!known || known.lon !== seen.lon || known.lat !== seen.lat) {
      put(number, seen);
      return;
    }
    const place = 'names' in known ? known : placeOf(known);
    put(number, place);
    place.seen.push(seen);
    if (!place.names.includes(seen.device)) place.names.push(seen.device);
    if (place.seen.length >= place.room) {
      place.seen = place.seen.filter((one) => one.ms >= newestMs - horizonMs);
      place.names = [...new Set(place.seen.map(({ device }) => device))];
      place.room = 8 + 2 * place.seen.length;
    }
    if (place.names.length >= devices) watch(place, out);
  }

  return {
    /** Before the state of any device has changed. */
    wake(out: Out): void {
      if (!isBegun) begin(out);
    },
    add(seen: Seen, out: Out): void {
      const known = shared.size > 0 ? sharedAt(seen) : undefined;
      if (!known) {
        keep(seen, out);
        return;
      }
      newestMs = Math.max(newestMs, seen.ms);
      known.ms = Math.max(known.ms, seen.ms);
      see(known.key, seen, out);
    },
  };
}
