import { setsNamed } from '#flows/fence-names';
import type { FlowDocument } from '#flows/flow';
import { stages } from '#flows/registry';
import type { ReleasePlan } from '../api/types.ts';
import type { FenceSets } from './fence-sets.ts';

/** What is asked for: a set itself, or a version of the hub's. */
export type WantedSets = Readonly<Record<string, unknown>>;

export interface ReleasedSets {
  /** As a release carries them. */
  readonly carried: Readonly<Record<string, unknown>>;
  /** Those of the hub among them. */
  readonly named: ReleasePlan['fenceSets'];
}

type Problems = ReleasePlan['problems'][number][];

/** A release is one packet, of which a box takes 16 MB: what is larger would never reach it. */
const maxBytes = 12_000_000;

/**
 * The fence sets that a release carries: those that are given, and of those that its flows only name the hub's newest, or
 * the version that is asked for. What the hub has not is a problem.
 */
export async function setsFor(
  documents: readonly FlowDocument[],
  wanted: WantedSets,
  sets: Pick<FenceSets, 'one' | 'read'>,
  problems: Problems,
): Promise<ReleasedSets> {
  const carried: Record<string, unknown> = {};
  const named: ReleasePlan['fenceSets'][number][] = [];
  const asked = documents.flatMap((document) =>
    setsNamed(document, stages).map(({ name, path }) => ({ name, path: `${document.id}.${path}` })),
  );
  for (const name of Object.keys(wanted)) asked.push({ name, path: `fenceSets.${name}` });
  for (const { name, path } of asked) {
    if (Object.hasOwn(carried, name)) continue;
    const given = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (given !== undefined && typeof given !== 'number') {
      carried[name] = given;
      continue;
    }
    const set = await sets.one(name);
    if (!set || (given ?? set.version) > set.version || (given ?? 1) < 1) {
      const which = given === undefined ? name : `${name} of version ${given}`;
      problems.push({ path, message: `The hub has no fence set ${which}, and none is in the release.` });
      continue;
    }
    const version = given ?? set.version;
    carried[name] = await sets.read(name, version);
    named.push({ name, version, newest: set.version });
  }
  const bytes = Buffer.byteLength(JSON.stringify(carried));
  if (bytes > maxBytes) {
    const message = `The fence sets take ${bytes} bytes, a release holds ${maxBytes}: split them by box, or leave corners out.`;
    problems.push({ path: 'fenceSets', message });
  }
  return { carried, named };
}
