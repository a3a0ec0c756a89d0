import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';

const number = (description: string) => Type.Number({ description });

/** A device showed something, somewhere, at some time. */
const Member = Type.Object({
  device: Type.String({ description: 'Who.' }),
  ms: number('When, epoch ms.'),
  lon: number('Where, degrees of longitude.'),
  lat: number('Degrees of latitude.'),
  weight: number('How much it proves.'),
  sign: Type.String({ description: 'What it showed.' }),
  told: Type.Boolean({ description: 'It belongs to a crowd that was told of.' }),
});
type Member = Static<typeof Member>;
export type Sighting = Readonly<Omit<Member, 'told'>>;

/** What devices showed in the last window, in order of time. */
export const Crowd = Type.Array(Member, { description: 'What was shown lately.' });
export type Crowd = Static<typeof Crowd>;

export interface CrowdRules {
  /** The weights of the devices, each at its heaviest, come to so much at least, … */
  readonly enough: number;
  /** … so near to the one that came last, metres, … */
  readonly radiusM: number;
  /** … and within this time, ms. */
  readonly windowMs: number;
}

/** Sightings that are remembered at most: those of the last window of a large fleet. */
const most = 2000;

/** The heaviest sighting of each device, by its name. */
function heaviest(list: readonly Sighting[]): Sighting[] {
  const found = new Map<string, Sighting>();
  for (const one of list) if (one.weight > (found.get(one.device)?.weight ?? 0)) found.set(one.device, one);
  return [...found.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
}

const isNear = (a: Sighting, b: Sighting, radiusM: number): boolean =>
  (a.lon === b.lon && a.lat === b.lat) || metresBetween(a.lon, a.lat, b.lon, b.lat) <= radiusM;

/**
 * The next sighting in order of time. Things that happen to one device have a cause of its own; what happens to several near
 * each other within a minute shares one. Gives the members of a crowd when it is complete, once: who comes beside one that was
 * told of belongs to it.
 */
export function crowdStep(
  known: Crowd,
  seen: Sighting,
  { enough, radiusM, windowMs }: CrowdRules,
): { readonly crowd: Crowd; readonly complete?: readonly Sighting[]; readonly firstMs: number } {
  const recent = known.filter(({ ms }) => seen.ms - ms <= windowMs).slice(-most);
  const near = recent.filter((one) => isNear(one, seen, radiusM));
  const member = { ...seen, told: near.some(({ told }) => told) };
  recent.push(member);
  const members = heaviest([...near, member]);
  const weight = members.reduce((sum, one) => sum + one.weight, 0);
  const firstMs = near.reduce((ms, one) => Math.min(ms, one.ms), seen.ms);
  if (member.told || weight < enough) return { crowd: recent, firstMs };
  for (const one of [...near, member]) one.told = true;
  return { crowd: recent, complete: members, firstMs };
}
