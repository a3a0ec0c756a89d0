import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';

const number = (description: string) => Type.Number({ description });
const text = (description: string) => Type.String({ description });

/** Where something else says that a device was. */
const Claim = Type.Object({
  ms: number('When, epoch ms.'),
  lon: number('Degrees of longitude.'),
  lat: number('Degrees of latitude.'),
  radiusM: number('It was no farther from there, metres.'),
  by: text('Which point, cell or network says so.'),
  witness: text('Of what kind that is.'),
  object: text('What was read there.'),
});
export type Claim = Readonly<Static<typeof Claim>>;

/** Where the receiver says that it was. */
const Fix = Type.Object({
  ms: number('When, epoch ms.'),
  lon: number('Degrees of longitude.'),
  lat: number('Degrees of latitude.'),
  offM: number('It may be off by so much, metres.'),
});
export type Fix = Readonly<Static<typeof Fix>>;

export const Testimony = Type.Object({
  device: text('The device, as it names itself; empty before its first fix.'),
  last: Type.Optional(Fix),
  claims: Type.Array(Claim, {
    description: 'What was claimed after the last fix, and does not contradict it.',
  }),
  misses: Type.Integer({ description: 'Fixes in a row that their cells do not reach.' }),
});
export type Testimony = Static<typeof Testimony>;
export const noTestimony = (): Testimony => ({ device: '', claims: [], misses: 0 });

export interface TestimonyRules {
  readonly maxSpeedKph: number;
  readonly clockSeconds: number;
}

/** A fix from which nothing gets to where the device was seen, or back. */
export interface Contradiction {
  readonly claim: Claim;
  readonly fix: Fix;
  readonly distanceM: number;
  /** So far apart they could have been. */
  readonly allowedM: number;
}

/** Claims that are remembered between two fixes. */
const most = 20;

/** Whether a device can have been at both: what lies between is driven at `maxSpeedKph`, by clocks that differ. */
export function contradiction(
  claim: Claim,
  fix: Fix,
  { maxSpeedKph, clockSeconds }: TestimonyRules,
): Contradiction | undefined {
  const seconds = Math.abs(claim.ms - fix.ms) / 1000 + clockSeconds;
  const allowedM = claim.radiusM + fix.offM + (maxSpeedKph / 3.6) * seconds;
  const distanceM = metresBetween(claim.lon, claim.lat, fix.lon, fix.lat);
  return distanceM > allowedM
    ? { claim, fix, distanceM: Math.round(distanceM), allowedM: Math.round(allowedM) }
    : undefined;
}

/** The next claim in order of time, against the fix before it. Changes `known` in place. */
export function claimStep(known: Testimony, claim: Claim, rules: TestimonyRules): Contradiction | undefined {
  const found = known.last && contradiction(claim, known.last, rules);
  if (!found) known.claims = [...known.claims, claim].slice(-most);
  return found;
}

/** The next fix in order of time, against the claims since the one before it. Changes `known` in place. */
export function fixStep(known: Testimony, fix: Fix, rules: TestimonyRules): Contradiction[] {
  const found = known.claims.flatMap((claim) => contradiction(claim, fix, rules) ?? []);
  known.claims = [];
  known.last = fix;
  return found;
}
