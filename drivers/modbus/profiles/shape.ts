import type { Block, Profile, RegisterReading } from '../profile.ts';

/** A layout that is no maker's: integrators set a gateway to it, or copy it and change it to the manual of theirs. */
export const ownLayout =
  'A layout of ours, no maker’s: set your gateway to it, or copy it into the config and change it to the manual.';

type Given = Pick<RegisterReading, 'name' | 'unit' | 'at' | 'type'> & Partial<RegisterReading>;

/** A reading with what is seldom said filled in. */
export const reading = (given: Given): RegisterReading => ({ scale: 1, offset: 0, sentinels: [], ...given });

export const profile = (
  given: Pick<Profile, 'id' | 'summary' | 'source'> & { readonly blocks: readonly Block[] } & Partial<
      Pick<Profile, 'wordOrder' | 'byteOrder' | 'writes'>
    >,
): Profile => ({ wordOrder: 'big', byteOrder: 'big', ...given, blocks: [...given.blocks] });
