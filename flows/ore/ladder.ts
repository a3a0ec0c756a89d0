import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Static, Type } from 'typebox';
import type { Declared } from './belt-place.ts';

/** Skipping of manual inspections for who has earned it, after the practice of ISO 2859-3 (its text was not seen). */
export const LadderSettings = Type.Object(
  {
    qualifyLots: Type.Integer({
      description: 'Clean lots in a row before the first are skipped.',
      default: 10,
      minimum: 1,
      maximum: 1000,
    }),
    climbLots: Type.Integer({
      description: 'Clean lots in a row on each rung before the next.',
      default: 10,
      minimum: 1,
      maximum: 1000,
    }),
    shares: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), {
      description: 'Share of lots that is inspected on each rung; the first rung inspects all.',
      default: [1, 0.5, 0.3333333333333333, 0.2],
      minItems: 1,
      maxItems: 20,
    }),
    floor: Type.Number({
      description: 'Share of lots that is inspected whatever the rung, by chance.',
      default: 0.03,
      minimum: 0,
      maximum: 1,
    }),
  },
  {
    description: 'How inspections become fewer, and all again.',
    default: { qualifyLots: 10, climbLots: 10, shares: [1, 0.5, 0.3333333333333333, 0.2], floor: 0.03 },
    additionalProperties: false,
  },
);
export type LadderSettings = Static<typeof LadderSettings>;

export const Standing = Type.Object({
  rung: Type.Integer({ description: 'Number of the rung, 0: every lot is inspected.' }),
  clean: Type.Integer({ description: 'Clean lots in a row on the rung.' }),
});
export type Standing = Static<typeof Standing>;
export const newcomer: Standing = { rung: 0, clean: 0 };

/** What was decided by chance before a lot began. */
export const Draw = Type.Object({
  ladder: Type.String({ description: 'Shipper, brand, mine and port.' }),
  rung: Type.Integer({ description: 'Its rung.' }),
  share: Type.Number({ description: 'Share of lots inspected on it.' }),
  floor: Type.Number({ description: 'Share inspected whatever the rung.' }),
  drawn: Type.Number({ description: 'What was drawn, 0..1.' }),
  inspect: Type.Boolean({ description: 'The lot is inspected whatever is found.' }),
  reason: Type.String({ description: 'Why.' }),
});
export type Draw = Static<typeof Draw>;

export const ladderOf = ({ shipper, brand, mine, port }: Declared): string =>
  [shipper, brand, mine, port].join(' / ');

/** 0..1 from the box's own secret and the lot: the same in any order of lots, and known to nobody before. */
export function drawn(secret: string, lot: string): number {
  const bytes = sha256(utf8ToBytes(`${secret}\n${lot}`));
  const high = bytes.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return high / 2 ** 48;
}

export function drawFor(
  declared: Declared,
  standing: Standing,
  secret: string,
  settings: LadderSettings,
): Draw {
  const share = settings.shares[standing.rung] ?? 1;
  const { floor } = settings;
  const number = drawn(secret, declared.lot);
  const byChance = number < floor;
  const byRung = number < Math.max(share, floor);
  return {
    ladder: ladderOf(declared),
    rung: standing.rung,
    share,
    floor,
    drawn: number,
    inspect: byRung,
    reason: byChance
      ? 'drawn by chance: so many are inspected on every rung'
      : byRung
        ? share === 1
          ? 'every lot is inspected on this rung'
          : 'drawn among the lots of this rung'
        : 'not drawn',
  };
}

/** Where a ladder stands after a lot: anything but clean begins it anew. */
export function climb(standing: Standing, clean: boolean, settings: LadderSettings): Standing {
  if (!clean) return newcomer;
  const top = settings.shares.length - 1;
  const enough = standing.clean + 1 >= (standing.rung === 0 ? settings.qualifyLots : settings.climbLots);
  if (enough && standing.rung < top) return { rung: standing.rung + 1, clean: 0 };
  return { rung: standing.rung, clean: standing.clean + 1 };
}
