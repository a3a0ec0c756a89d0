import { metresBetween } from '../geo/polyline.ts';
import type { Spot } from './fixes.ts';

/** What carries a seal, as far as is known. */
export interface Carrying {
  /** The truck that it goes with; absent: none is known. */
  truck?: string;
  /** The truck that it went with before. */
  before?: string;
  /** Consecutive fixes that do not fit, and since when, epoch ms. */
  apart: number;
  apartFromMs: number;
  /** Trucks that it may go with, and where they were last compared, degrees. */
  search?: { lon: number; lat: number; candidates: Candidate[] };
}

/** A truck that has been where the seal was: for how many consecutive fixes, since when and from where, degrees. */
export interface Candidate {
  truck: string;
  fits: number;
  fromMs: number;
  lon: number;
  lat: number;
  /** Sum of the squared Mahalanobis distances on the way from there. */
  chi2: number;
}

export interface CarryingRules {
  readonly sigmaM: number;
  /** Probability of a distance between fixes of one place, below which they are of two. */
  readonly chance: number;
  readonly fixes: number;
  readonly searchM: number;
}

/** A fix of the seal. */
export interface SealFix {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

export type Change =
  | {
      readonly what: 'separation';
      readonly truck: string;
      readonly atMs: number;
      readonly chi2: number;
      readonly distanceM: number;
    }
  | { readonly what: 'association'; readonly truck: string; readonly atMs: number; readonly before?: string };

/** Standing side by side is no travelling together: so far both must have gone, metres. */
const togetherM = 200;

/** Errors of a receiver that stands are the same again and again: trucks are compared once in so many metres. */
const compareM = 20;

/** Squared Mahalanobis distance of two places at one time, and the distance, metres. */
function distanceOf(
  fix: SealFix,
  spot: Spot,
  sigmaM: number,
): { readonly chi2: number; readonly metres: number } {
  const metres = metresBetween(fix.lon, fix.lat, spot.lon, spot.lat);
  const speedMs = metresBetween(spot.lon, spot.lat, spot.lon + spot.lonPerS, spot.lat + spot.latPerS);
  const driftM = (speedMs * spot.apartMs) / 1000;
  return { chi2: (metres * metres) / (2 * sigmaM * sigmaM + driftM * driftM), metres };
}

/** A chi-square of two degrees of freedom is exceeded with this probability. */
const limitOf = (chance: number): number => -2 * Math.log(chance);

/**
 * "Same cargo, different truck": follows one seal from fix to fix. `spotOf` tells where a truck was at the time of the
 * fix, `trucks` are those that there are. Changes the record, and says what changed.
 */
export function carry(
  carrying: Carrying,
  fix: SealFix,
  trucks: () => Iterable<string>,
  spotOf: (truck: string) => Spot | undefined,
  rules: CarryingRules,
): Change | undefined {
  const limit = limitOf(rules.chance);
  if (carrying.truck !== undefined) {
    const spot = spotOf(carrying.truck);
    if (!spot) return undefined;
    const { chi2, metres } = distanceOf(fix, spot, rules.sigmaM);
    if (chi2 <= limit) {
      carrying.apart = 0;
      return undefined;
    }
    if (carrying.apart === 0) carrying.apartFromMs = fix.ms;
    carrying.apart += 1;
    if (carrying.apart < rules.fixes) return undefined;
    const truck = carrying.truck;
    carrying.before = truck;
    delete carrying.truck;
    delete carrying.search;
    carrying.apart = 0;
    return { what: 'separation', truck, atMs: carrying.apartFromMs, chi2, distanceM: metres };
  }
  return associate(carrying, fix, fittingOf(fix, trucks(), spotOf, rules, limit), rules, limit);
}

interface Fitting {
  readonly truck: string;
  readonly chi2: number;
}

function fittingOf(
  fix: SealFix,
  trucks: Iterable<string>,
  spotOf: (truck: string) => Spot | undefined,
  rules: CarryingRules,
  limit: number,
): Fitting[] {
  const fitting: Fitting[] = [];
  for (const truck of trucks) {
    const spot = spotOf(truck);
    if (!spot) continue;
    const { chi2, metres } = distanceOf(fix, spot, rules.sigmaM);
    if (metres <= rules.searchM && chi2 <= limit) fitting.push({ truck, chi2 });
  }
  return fitting;
}

/** Those that fit, with what is known of each; one that comes later may be the one as much as the best of the others. */
function compared({ search }: Carrying, fix: SealFix, fitting: readonly Fitting[]): Candidate[] {
  const { lon, lat, ms: fromMs } = fix;
  const known = new Map(search?.candidates.map((one) => [one.truck, one]));
  const counts = search !== undefined && metresBetween(search.lon, search.lat, lon, lat) >= compareM;
  const fitted = fitting.map(({ truck, chi2 }): Candidate | string => {
    const one = known.get(truck);
    return one ? { ...one, fits: one.fits + 1, chi2: one.chi2 + (counts ? chi2 : 0) } : truck;
  });
  const least = Math.min(...fitted.map((one) => (typeof one === 'string' ? Infinity : one.chi2)));
  const chi2 = least === Infinity ? 0 : least;
  return fitted.map((one) =>
    typeof one === 'string' ? { truck: one, fits: 1, fromMs, lon, lat, chi2 } : one,
  );
}

/**
 * A truck is the one when it stays near while both go on, and no other that does fits nearly as well: two that leave a place
 * one behind the other are a wrong truck half of the time.
 */
function associate(
  carrying: Carrying,
  fix: SealFix,
  fitting: readonly Fitting[],
  rules: CarryingRules,
  limit: number,
): Change | undefined {
  const candidates = compared(carrying, fix, fitting);
  const [best, second] = candidates.toSorted((a, b) => a.chi2 - b.chi2 || (a.truck < b.truck ? -1 : 1));
  if (!best) {
    delete carrying.search;
    return undefined;
  }
  const { search } = carrying;
  const hasMoved =
    search === undefined || metresBetween(search.lon, search.lat, fix.lon, fix.lat) >= compareM;
  carrying.search = { ...(hasMoved ? { lon: fix.lon, lat: fix.lat } : search), candidates };
  const isSettled = best.fits >= rules.fixes && (!second || second.chi2 - best.chi2 >= limit);
  if (!isSettled || metresBetween(best.lon, best.lat, fix.lon, fix.lat) < togetherM) return undefined;
  const { before } = carrying;
  carrying.truck = best.truck;
  carrying.apart = 0;
  delete carrying.search;
  const change = { what: 'association' as const, truck: best.truck, atMs: best.fromMs };
  return before === undefined ? change : { ...change, before };
}
