import { stepM } from '../roads/network.ts';

/** A place where an object may be standing: a stay point by displacement, not by the speed that it says. */
export interface Stay {
  /** First and last position within the radius, epoch ms. */
  fromMs: number;
  lastMs: number;
  /** The place that displacement is measured from, degrees: where it came to a stand. */
  lon: number;
  lat: number;
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

const startAt = ({ ms, lon, lat }: Place): Stay => ({ fromMs: ms, lastMs: ms, lon, lat, stopped: false });

/** Positions come in order of time. */
export function stayStep(known: Stay | undefined, place: Place, rules: StayRules): StayStep {
  if (!known) return { stay: startAt(place) };
  const gone = stepM(known.lon, known.lat, place.lon, place.lat) > rules.radiusM;
  if (gone || place.ms - known.lastMs > rules.gapMs)
    return { stay: startAt(place), ...(known.stopped && { ended: known }) };
  const stay = { ...known, lastMs: place.ms };
  if (stay.stopped || stay.lastMs - stay.fromMs < rules.stopMs) return { stay };
  stay.stopped = true;
  return { stay, began: stay };
}
