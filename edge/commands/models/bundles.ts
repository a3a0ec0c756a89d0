import { fileURLToPath } from 'node:url';
import { nativeVerifier } from '#firmware-config/ed25519';
import { describeProblem, Fault, type Problem } from '#flows/fault';
import { fromBase64 } from '#flows/trust/sign';
import { type LoadedBundle, type LoadOptions, loadBundle } from '#models/bundle/load';
import { newestBundles } from '#models/find';
import { repositoryBundles } from '#models/runner/place';
import { type CommandIo, UsageError } from '../command.ts';

/** Where a call finds bundles, and whose signature counts. */
export interface Place {
  readonly folder: string;
  readonly load: LoadOptions;
}

export function placeOf(values: { bundles?: string | undefined; key?: string | undefined }): Place {
  const folder = values.bundles ?? fileURLToPath(repositoryBundles());
  if (values.key === undefined) return { folder, load: {} };
  const key = fromBase64(values.key);
  if (key?.length !== 32)
    throw new UsageError('--key is the Ed25519 public key of the hub, 32 bytes in base64.');
  return { folder, load: { verifier: nativeVerifier(key) } };
}

export function tell(io: CommandIo, problem: Problem): void {
  io.stderr.write(`${describeProblem(problem)}\n`);
}

/** The problem of a fault; anything else is a bug and thrown on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Fault) return error.problem;
  throw error;
}

/** The newest version of a bundle by id, its hashes checked. Throws UsageError for an id that is not there. */
export async function bundleOf(
  id: string | undefined,
  { folder, load }: Place,
  io: CommandIo,
): Promise<LoadedBundle> {
  if (id === undefined) throw new UsageError('Name a model; `model list` shows those there are.');
  const bundles = await newestBundles(folder, (problem) => tell(io, problem));
  const found = bundles.find((bundle) => bundle.manifest.id === id);
  if (!found) {
    const known = bundles.map(({ manifest }) => manifest.id).join(', ') || 'none';
    throw new UsageError(`There is no model ${id} in ${folder}: ${known}.`);
  }
  return loadBundle(found.folder, load);
}
