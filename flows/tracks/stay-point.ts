import { asLongitude, degreesEast, metresBetween } from '../geo/polyline.ts';

/** A place where an object may be standing: a stay point by displacement, not by the speed that it says. */
export interface Stay {
  /** First and last position within the radius, epoch ms. */
  fromMs: number;
  lastMs: number;
  /**
   * The place that displacement is measured from, degrees: the first position, and of a stop the middle of those that made
   * it one. An object that brakes comes within the radius at its edge, and noise would drive it out again.
   */
  lon: number;
  lat: number;
  /** Positions so far while it is no stop, and the sum of how far they are from the first, degrees. */
  fixes?: number;
  eastSum?: number;
  northSum?: number;
  /** It has lasted long enough to be a stop. */
  stopped: boolean;
}

export interface StayRules {
  readonly radiusM: number;
  readonly stopMs: number;
  readonly gapMs: number;
}

export interface Place {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

/** What the next position says: where it stands now, the stop that began with it, and the one that ended before it. */
export interface StayStep {
  readonly stay: Stay;
  readonly began?: Stay;
  readonly ended?: Stay;
}

const startAt = ({ ms, lon, lat }: Place): Stay => ({
  fromMs: ms,
  lastMs: ms,
  lon,
  lat,
  fixes: 1,
  eastSum: 0,
  northSum: 0,
  stopped: false,
});

/** Positions come in order of time. */
export function stayStep(known: Stay | undefined, place: Place, rules: StayRules): StayStep {
  if (!known) return { stay: startAt(place) };
  const gone = metresBetween(known.lon, known.lat, place.lon, place.lat) > rules.radiusM;
  if (gone || place.ms - known.lastMs > rules.gapMs)
    return { stay: startAt(place), ...(known.stopped && { ended: known }) };
  const { fixes = 1, eastSum = 0, northSum = 0, ...rest } = known;
  const stay: Stay = { ...rest, lastMs: place.ms };
  if (stay.stopped) return { stay };
  const sums = {
    fixes: fixes + 1,
    eastSum: eastSum + degreesEast(stay.lon, place.lon),
    northSum: northSum + place.lat - stay.lat,
  };
  if (stay.lastMs - stay.fromMs < rules.stopMs) return { stay: { ...stay, ...sums } };
  stay.stopped = true;
  stay.lon = asLongitude(stay.lon + sums.eastSum / sums.fixes);
  stay.lat += sums.northSum / sums.fixes;
  return { stay, began: stay };
}
