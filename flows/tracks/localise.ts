import { between, metresBetween } from '../geo/polyline.ts';

/** What told of a place: the object itself, what carries it, or the last gate or reader that it passed. */
export const placeSources = ['own', 'carrier', 'gate'] as const;
export type PlaceSource = (typeof placeSources)[number];

/** A place at a moment, and how far off it may be. */
export interface Sighting {
  readonly source: PlaceSource;
  /** Epoch ms. */
  readonly ms: number;
  /** Degrees, WGS 84. */
  readonly lon: number;
  readonly lat: number;
  /** The object was within so many metres of it. */
  readonly radiusM: number;
}

/** Fixes of what carries an object are off from it by this much, metres: a truck and its trailer. */
export const carrierRadiusM = 40;

export interface Located {
  readonly source: PlaceSource;
  readonly lon: number;
  readonly lat: number;
  /** The object was within so many metres of the place, if it went no faster than `maxSpeedMs`. */
  readonly radiusM: number;
  /** From the moment that is asked for to the nearest sighting that was used, ms. */
  readonly apartMs: number;
}

export interface LocateRules {
  /** Nothing that carries the object goes faster, metres a second. */
  readonly maxSpeedMs: number;
}

/** 130 km/h: a truck. */
export const truckRules: LocateRules = { maxSpeedMs: 36 };

/**
 * Where an object was at a moment, by the sightings of one source around it. After the last one it may have gone
 * anywhere at full speed. Between two, where both can be reached from: a point at most v t from one and v (T - t) from the
 * other is, by Stewart's theorem, at most sqrt(s (1 - s) (v² T² - d²)) from the point that divides the line between them as t divides T.
 */
function fromSource(
  before: Sighting | undefined,
  after: Sighting | undefined,
  ms: number,
  { maxSpeedMs }: LocateRules,
): Located | undefined {
  const one = before ?? after;
  if (!one) return undefined;
  const apartMs = Math.min(
    before ? ms - before.ms : Number.POSITIVE_INFINITY,
    after ? after.ms - ms : Number.POSITIVE_INFINITY,
  );
  if (!before || !after || before.ms === ms) {
    const { source, lon, lat, radiusM } = one;
    return { source, lon, lat, radiusM: radiusM + (maxSpeedMs * apartMs) / 1000, apartMs };
  }
  const totalS = (after.ms - before.ms) / 1000;
  const share = (ms - before.ms) / (after.ms - before.ms);
  const metres = metresBetween(before.lon, before.lat, after.lon, after.lat);
  const reach2 = Math.max(0, (maxSpeedMs * totalS) ** 2 - metres * metres);
  return {
    source: before.source,
    ...between(before, after, share),
    radiusM: Math.max(before.radiusM, after.radiusM) + Math.sqrt(share * (1 - share) * reach2),
    apartMs,
  };
}

/**
 * Where an object was at a moment, with its uncertainty: of what it said itself, what its carrier said and what gates
 * saw, the one that leaves least open; of equals the object's own. Sightings in any order; undefined when there is none.
 */
export function locate(
  sightings: Iterable<Sighting>,
  ms: number,
  rules: LocateRules = truckRules,
): Located | undefined {
  const around = new Map<PlaceSource, { before?: Sighting; after?: Sighting }>();
  for (const sighting of sightings) {
    const { before, after } = around.get(sighting.source) ?? {};
    const earlier = sighting.ms <= ms;
    const nearer = earlier ? !before || sighting.ms > before.ms : !after || sighting.ms < after.ms;
    if (!nearer) continue;
    const found = around.get(sighting.source);
    around.set(sighting.source, { ...found, [earlier ? 'before' : 'after']: sighting });
  }
  let best: Located | undefined;
  for (const source of placeSources) {
    const { before, after } = around.get(source) ?? {};
    const located = fromSource(before, after, ms, rules);
    if (located && (!best || located.radiusM < best.radiusM)) best = located;
  }
  return best;
}
