import type { Feature } from 'geojson';
import type { Event } from '#flows/event';
import { metresBetween } from '#flows/geo/polyline';
import { carrierRadiusM, locate, type PlaceSource, type Sighting } from '#flows/tracks/localise';
import type { PlaceAnswer } from '../api/track-types.ts';
import { groundOf } from '../fences/check.ts';
import type { RecordStore } from '../store/store.ts';
import type { TrackStores } from './companions.ts';
import { standing } from './standing.ts';

export interface PlaceStores extends TrackStores {
  readonly records: RecordStore;
  /** A fence or place of the map by its id. */
  readonly feature: (id: string) => Promise<Feature | undefined>;
}

type Seen = Sighting & { readonly by?: string };

/** What is older says nothing of now, ms. */
const reachMs = 12 * 3_600_000;
/** Of fixes without an accuracy, and of a seal on its truck, metres. */
const radiusOf: Record<PlaceSource, number> = { own: 20, carrier: carrierRadiusM, gate: 0 };
/** What a seal goes with is known for so long, ms. */
const longMs = 30 * 86_400_000;
const most = 200;

const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
const record = (value: unknown) =>
  (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;

/** The last fix of an object before the moment, and its first after it. */
async function around(
  { objects }: TrackStores,
  object: string,
  at: number,
  source: PlaceSource,
): Promise<Seen[]> {
  const before = (await objects.fixes(object, at - reachMs, at, 2)).at(-1);
  const [after] = await objects.fixes(object, at, at + reachMs, 2);
  return [before, after].flatMap((fix) => {
    if (!fix) return [];
    const by = source === 'own' ? {} : { by: object };
    return [{ source, ms: fix.ms, lon: fix.lon, lat: fix.lat, radiusM: radiusOf[source], ...by }];
  });
}

/** Fixes that the seal's own reports carry. */
const reported = (events: readonly Event[]): Seen[] =>
  events.flatMap(({ time, data }) => {
    const [lon, lat] = [number(data.lon), number(data.lat)];
    if (Number.isNaN(lon + lat)) return [];
    return [
      {
        source: 'own' as const,
        ms: Date.parse(time),
        lon,
        lat,
        radiusM: number(data.accuracyM) || radiusOf.own,
      },
    ];
  });

/** The truck that it goes with, by the newest word of it before the moment. */
function carrierOf(events: readonly Event[]): string | undefined {
  for (const { type, data } of events) {
    if (type === 'quaywatch.track.separation') return undefined;
    const named = type === 'quaywatch.track.association' ? data.truck : record(data.attributes).vehicle;
    if (typeof named === 'string') return named;
  }
  return undefined;
}

/**
 * What was told of a subject and stands, by the moment, newest first. What comes after it is read too: late data may have moved an
 * event there.
 */
async function toldOf(
  { records }: PlaceStores,
  query: { subject: string; type: string[] },
  at: number,
  backMs: number,
): Promise<Event[]> {
  const before = await records.page({ ...query, from: at - backMs, to: at, limit: most });
  const after = await records.page({ ...query, from: at + 1, to: at + reachMs, limit: most });
  return standing([...before, ...after].map(({ event }) => event)).filter(
    ({ time }) => Date.parse(time) <= at,
  );
}

/** The fence that it was last told at: somewhere in it. */
async function gateOf(stores: PlaceStores, subject: string, at: number): Promise<Seen[]> {
  const [found] = await toldOf(stores, { subject, type: ['quaywatch.fence.*'] }, at, reachMs);
  const id = found?.data.fence;
  const feature = typeof id === 'string' ? await stores.feature(id) : undefined;
  const ground = feature && groundOf([feature]);
  if (!found || !ground || typeof id !== 'string') return [];
  const [west, south, east, north] = ground;
  const radiusM = metresBetween(west, south, east, north) / 2;
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return [{ source: 'gate', ms: Date.parse(found.time), lon, lat, radiusM, by: id }];
}

/** The sighting that is told of a place: the last of its source, else the first after the moment. */
const nearestOf = (newestFirst: readonly Seen[], source: PlaceSource, at: number): Seen | undefined => {
  const own = newestFirst.filter((one) => one.source === source);
  return own.find(({ ms }) => ms <= at) ?? own.at(-1);
};

/** Where an object was at a moment: by its own fix, by what carries it, or by the last gate, whichever leaves least open. */
export async function placeOf(stores: PlaceStores, object: string, at: number): Promise<PlaceAnswer> {
  const asked = (...type: string[]) => toldOf(stores, { subject: object, type }, at, longMs);
  const seals = await asked('quaywatch.seal.*');
  // by itself: a seal that speaks often would leave no room for it
  const trucks = await asked('quaywatch.track.association', 'quaywatch.track.separation');
  const carrier = carrierOf([...seals, ...trucks].sort((a, b) => Date.parse(b.time) - Date.parse(a.time)));
  const sightings = [
    ...(await around(stores, object, at, 'own')),
    ...reported(seals),
    ...(carrier === undefined ? [] : await around(stores, carrier, at, 'carrier')),
    ...(await gateOf(stores, object, at)),
    ...(carrier === undefined ? [] : await gateOf(stores, carrier, at)),
  ].sort((a, b) => b.ms - a.ms);
  const place = locate(sightings, at);
  const iso = (ms: number) => new Date(ms).toISOString();
  const used = place && nearestOf(sightings, place.source, at);
  return {
    object,
    at: iso(at),
    ...(place && {
      place: {
        source: place.source,
        lon: place.lon,
        lat: place.lat,
        radiusM: Math.round(place.radiusM),
        ageS: Math.round(place.apartMs / 1000),
        ...(used?.by === undefined ? {} : { by: used.by }),
      },
    }),
    sightings: sightings.slice(0, 20).map(({ source, ms, by }) => ({
      source,
      time: iso(ms),
      ...(by === undefined ? {} : { by }),
    })),
  };
}
