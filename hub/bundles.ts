import type { Problem } from '#flows/fault';
import type { Signer, Verifier } from '#flows/trust/sign';
import { installBundle } from '#models/bundle/install';
import { type LoadedBundle, loadBundle } from '#models/bundle/load';
import { signBundle } from '#models/bundle/signature';
import { proveBundle } from '#models/models';
import type { Audit } from './audit.ts';

/** Until when a box may take a bundle in after it was signed. */
const lifeMs = 365 * 86_400_000;

export interface ImportOptions {
  /** Folder of the bundles that the hub has, `<id>/<version>` below it. */
  readonly folder: string;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly audit: Audit;
  readonly actor: string;
  readonly now: () => number;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * Takes a bundle in: hashes and golden outputs first, then it is signed and copied. Throws `bundle.*` and `model.*` for
 * one that is wrong, or not newer than what is there. Returns the signed copy, checked once more.
 */
export async function importBundle(source: string, options: ImportOptions): Promise<LoadedBundle> {
  const { folder, signer, verifier, audit, actor, now, onProblem } = options;
  const bundle = await loadBundle(source);
  await proveBundle(bundle);
  const signature = signBundle(bundle.manifest, bundle.hash, signer, now(), now() + lifeMs);
  const target = await installBundle(bundle, signature, folder, now(), onProblem);
  const { id, version } = bundle.manifest;
  await audit.note(actor, 'bundle.import', `${id}/${version}`, signature);
  return loadBundle(target, { verifier, signedOnly: true });
}
