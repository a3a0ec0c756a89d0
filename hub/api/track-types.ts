import type { PlaceSource } from '#flows/tracks/localise';

/** A stretch of a track in which nothing is known of the object. */
export interface TrackGap {
  readonly from: string;
  readonly to: string;
  /**
   * device: the box's receiver was out; fix: heard without a fix; power: silent after it said that its power is cut or low; coverage: not heard where many are not, says the box; link: not
   * heard elsewhere; parked: back where it was; open: not back yet; silent: none of these.
   */
  readonly class: 'coverage' | 'device' | 'fix' | 'link' | 'parked' | 'open' | 'power' | 'silent';
  readonly distanceM?: number;
  readonly reason?: string;
}

/** GET /objects/:object/companions?from&to&radiusM&seconds: who was with it, by stored positions. */
export interface CompanionList {
  readonly object: string;
  /** Others that were looked at closely. */
  readonly looked: number;
  /** More would have had to be looked at. */
  readonly partial: boolean;
  readonly companions: readonly {
    readonly object: string;
    readonly seconds: number;
    /** Way together. */
    readonly metres: number;
    readonly nearestM: number;
    readonly stretches: readonly { readonly from: string; readonly to: string }[];
    /** Places where traffic goes different ways, and they went the same. */
    readonly choices: number;
    /** Probability that by chance somebody of those around would have gone so with it, 0 to 1. */
    readonly chance: number;
  }[];
}

/** GET /objects/:object/similar?from&to&within: trips of others that went the same way. */
export interface SimilarList {
  readonly object: string;
  readonly looked: number;
  readonly trips: readonly {
    readonly object: string;
    readonly from: string;
    readonly to: string;
    readonly share: number;
    readonly frechetM: number;
    readonly direction: 'same' | 'opposite';
  }[];
}

/** GET /objects/:object/arrival?zone&deadline: quantiles from past trips; without them, `why`. */
export interface ArrivalForecast {
  readonly zone: string;
  readonly trips: number;
  readonly p10?: string;
  readonly p50?: string;
  readonly p90?: string;
  /** Chance that it comes after the deadline. */
  readonly lateChance?: number;
  readonly why?: string;
}

/** GET /stops?from&to&west&south&east&north&seconds: where objects stood. */
export interface StopSpot {
  readonly lon: number;
  readonly lat: number;
  readonly stops: number;
  readonly seconds: number;
  readonly objects: number;
}
export interface StopHeat {
  readonly spots: readonly StopSpot[];
  readonly stops: number;
  readonly partial: boolean;
}

/** GET /objects/:object/place?at: where it was, by its own fix, its carrier's or the last gate. */
export interface PlaceAnswer {
  readonly object: string;
  readonly at: string;
  readonly place?: {
    readonly source: PlaceSource;
    readonly lon: number;
    readonly lat: number;
    /** It was within so many metres of it. */
    readonly radiusM: number;
    /** From the moment that was asked for to the nearest sighting, seconds. */
    readonly ageS: number;
    /** The carrier, or the gate. */
    readonly by?: string;
  };
  /** All that was looked at, newest first. */
  readonly sightings: readonly {
    readonly source: PlaceSource;
    readonly time: string;
    readonly by?: string;
  }[];
}
