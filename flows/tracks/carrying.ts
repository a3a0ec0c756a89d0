import { stepM } from '../roads/network.ts';
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
  /** The truck that it may go with: how many consecutive fixes fit, and where the first was, degrees. */
  near?: { truck: string; fits: number; fromMs: number; lon: number; lat: number };
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

/** Squared Mahalanobis distance of two places at one time, and the distance, metres. */
function distanceOf(
  fix: SealFix,
  spot: Spot,
  sigmaM: number,
): { readonly chi2: number; readonly metres: number } {
  const metres = stepM(fix.lon, fix.lat, spot.lon, spot.lat);
  const speedMs = stepM(spot.lon, spot.lat, spot.lon + spot.lonPerS, spot.lat + spot.latPerS);
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
    delete carrying.near;
    carrying.apart = 0;
    return { what: 'separation', truck, atMs: carrying.apartFromMs, chi2, distanceM: metres };
  }
  return associate(carrying, fix, nearestOf(fix, trucks(), spotOf, rules, limit), rules);
}

function nearestOf(
  fix: SealFix,
  trucks: Iterable<string>,
  spotOf: (truck: string) => Spot | undefined,
  rules: CarryingRules,
  limit: number,
): readonly string[] {
  const fitting: [number, string][] = [];
  for (const truck of trucks) {
    const spot = spotOf(truck);
    if (!spot) continue;
    const { chi2, metres } = distanceOf(fix, spot, rules.sigmaM);
    if (metres <= rules.searchM && chi2 <= limit) fitting.push([metres, truck]);
  }
  return fitting.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).map(([, truck]) => truck);
}

/** A truck is the one when it alone stays near while both go on. */
function associate(
  carrying: Carrying,
  fix: SealFix,
  fitting: readonly string[],
  rules: CarryingRules,
): Change | undefined {
  const { near } = carrying;
  const [nearest] = fitting;
  if (nearest === undefined) {
    delete carrying.near;
    return undefined;
  }
  if (!near || !fitting.includes(near.truck)) {
    carrying.near = { truck: nearest, fits: 1, fromMs: fix.ms, lon: fix.lon, lat: fix.lat };
    return undefined;
  }
  near.fits += 1;
  if (near.fits < rules.fixes || stepM(near.lon, near.lat, fix.lon, fix.lat) < togetherM) return undefined;
  const { before } = carrying;
  carrying.truck = near.truck;
  carrying.apart = 0;
  const change = { what: 'association' as const, truck: near.truck, atMs: near.fromMs };
  delete carrying.near;
  return before === undefined ? change : { ...change, before };
}
