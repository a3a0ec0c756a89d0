import type { BoxConfig } from '#firmware-config/box';
import type { Say } from './compose.ts';
import { Enroller } from './enroller.ts';
import { faults } from './faults.ts';
import type { Identity, IdentityStore } from './identity.ts';
import { localPrefix } from './outbox/salvage.ts';

/** Who the box is: as it was enrolled, as it is enrolled now, or by a name of its own until it is. */
export async function identify(
  config: BoxConfig,
  identities: IdentityStore,
  random: () => number,
  say: Say,
): Promise<{ readonly identity: Identity; readonly enroller: Enroller | undefined }> {
  const { enrolment, name, site } = config;
  const enroller =
    enrolment === undefined
      ? undefined
      : new Enroller({ file: enrolment, name, identities, random, onProblem: say });
  const known = identities.read();
  if (known?.hub) return { identity: known, enroller };
  // An id that is not of its own making came from a hub.
  if (known && !known.box.startsWith(localPrefix)) say(faults.problem('identity.lost', { box: known.box }));
  return { identity: (await enroller?.attempt()) ?? known ?? identities.mint(site), enroller };
}
