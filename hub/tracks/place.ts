import type { Feature } from 'geojson';
import type { Event } from '#flows/event';
import { metresBetween } from '#flows/geo/polyline';
import { carrierRadiusM, locate, type PlaceSource, type Sighting } from '#flows/tracks/localise';
import type { PlaceAnswer } from '../api/track-types.ts';
import { groundOf } from '../fences/check.ts';
import type { RecordStore } from '../store/store.ts';
import type { TrackStores } from './companions.ts';
import { fixesOf } from './fix.ts';

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
  const before = fixesOf((await objects.track(object, at - reachMs, at, most)).points).at(-1);
  const after = fixesOf((await objects.track(object, at, at + reachMs, most)).points)[0];
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

/** The fence that it was last told at: somewhere in it. */
async function gateOf(stores: PlaceStores, subject: string, at: number): Promise<Seen[]> {
  const query = { subject, from: at - reachMs, to: at, type: ['quaywatch.fence.*'], limit: 1 };
  const [found] = await stores.records.page(query);
  const id = found?.event.data.fence;
  const feature = typeof id === 'string' ? await stores.feature(id) : undefined;
  const ground = feature && groundOf([feature]);
  if (!found || !ground || typeof id !== 'string') return [];
  const [west, south, east, north] = ground;
  const radiusM = metresBetween(west, south, east, north) / 2;
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return [{ source: 'gate', ms: Date.parse(found.event.time), lon, lat, radiusM, by: id }];
}

/** Where an object was at a moment: by its own fix, by what carries it, or by the last gate, whichever leaves least open. */
export async function placeOf(stores: PlaceStores, object: string, at: number): Promise<PlaceAnswer> {
  const types = ['quaywatch.seal.*', 'quaywatch.track.association', 'quaywatch.track.separation'];
  const query = { subject: object, from: at - 30 * 86_400_000, to: at, type: types, limit: most };
  const events = (await stores.records.page(query)).map(({ event }) => event);
  const carrier = carrierOf(events);
  const sightings = [
    ...(await around(stores, object, at, 'own')),
    ...reported(events),
    ...(carrier === undefined ? [] : await around(stores, carrier, at, 'carrier')),
    ...(await gateOf(stores, object, at)),
    ...(carrier === undefined ? [] : await gateOf(stores, carrier, at)),
  ].sort((a, b) => b.ms - a.ms);
  const place = locate(sightings, at);
  const iso = (ms: number) => new Date(ms).toISOString();
  const used = place && sightings.find(({ source }) => source === place.source);
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
