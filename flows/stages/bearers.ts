import { type Static, Type } from 'typebox';
import type { KeyedState } from '../stage.ts';
import { type Located, locate, type Sighting } from '../tracks/localise.ts';
import { plain } from './points.ts';

/** What a seal goes with: the truck that carries it, and the container that it closes. */
const Bonds = Type.Object({
  truck: Type.Optional(Type.String({ description: 'The truck that carries it.' })),
  container: Type.Optional(Type.String({ description: 'The container that it closes.' })),
  parted: Type.Optional(
    Type.String({ description: 'The truck that it went with before, and does not any more.' }),
  ),
});
type Bonds = Static<typeof Bonds>;
const Load = Type.Object({ seals: Type.Array(Type.String(), { description: 'What goes with it.' }) });
type Load = Static<typeof Load>;
/** Where others saw it, in order of time. */
const Seen = Type.Object({ sightings: Type.Array(Type.Unknown(), { description: 'By trucks and gates.' }) });
export const bearersState = [Bonds, Load, Seen] as const;

/** A sighting, and who made it: a truck or a gate by its name. */
export type Seeing = Sighting & { readonly by: string };

/** Sightings of a seal that are kept at most. */
const mostSightings = 100;

/** Who carries a seal, and where that and the gates on its way were: for a seal that does not know itself where it is. */
export function bearers(part: (name: string) => KeyedState) {
  const bonds = part('bonds');
  const loads = part('load');
  const seen = part('seen');
  const carriedBy = (name: string): readonly string[] =>
    loads.size === 0 ? [] : ((loads.get(plain(name)) as Load | undefined)?.seals ?? []);
  const seenOf = (seal: string): readonly Seeing[] =>
    (seen.get(seal) as { sightings: Seeing[] } | undefined)?.sightings ?? [];

  function unload(name: string, seal: string): void {
    const seals = carriedBy(name).filter((one) => one !== seal);
    if (seals.length > 0) loads.set(plain(name), { seals });
    else loads.delete(plain(name));
  }

  const bondsOf = (seal: string): Bonds => (bonds.get(seal) as Bonds | undefined) ?? {};

  /** The seal goes with this from now on; undefined: with nothing that is known. */
  function bind(seal: string, bond: 'truck' | 'container', name: string | undefined): void {
    const { [bond]: before, ...others } = bondsOf(seal);
    if (before === name) return;
    if (before !== undefined) unload(before, seal);
    if (bond === 'truck') delete others.parted;
    bonds.set(seal, name === undefined ? others : { ...others, [bond]: name });
    if (name !== undefined) loads.set(plain(name), { seals: [...carriedBy(name), seal] });
  }

  return {
    carriedBy,
    bind,
    /** What a seal says of itself, as it was told at its closing: of a truck that it was seen to part from it is no news. */
    say(seal: string, truck: string): void {
      if (bondsOf(seal).parted !== truck) bind(seal, 'truck', truck);
    },
    /** The seal does not go with its truck any more, whatever it says, until it is seen to. */
    part(seal: string, truck: string): void {
      bind(seal, 'truck', undefined);
      bonds.set(seal, { ...bondsOf(seal), parted: truck });
    },
    /** Where somebody saw it; what is older than `keepFromMs` is kept as far as it still says where it was then. */
    see(seal: string, sighting: Seeing, keepFromMs: number): void {
      const sightings = [...seenOf(seal)];
      let at = sightings.length;
      while (at > 0 && (sightings[at - 1] as Seeing).ms > sighting.ms) at -= 1;
      sightings.splice(at, 0, sighting);
      // the newest of before says where the seal was then
      const first = sightings.findLastIndex(({ ms }) => ms <= keepFromMs);
      seen.set(seal, { sightings: sightings.slice(Math.max(0, first, sightings.length - mostSightings)) });
    },
    /** Where it was at a moment by what was seen until then. */
    locate(seal: string, ms: number): (Located & { readonly by?: string }) | undefined {
      const before = seenOf(seal).filter((one) => one.ms <= ms);
      const place = locate(before, ms);
      const used = place && before.findLast(({ source }) => source === place.source);
      return place && { ...place, ...(used && { by: used.by }) };
    },
  };
}
