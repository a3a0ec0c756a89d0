import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { type Signer, signDocument, type Verifier, verifyDocument } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { type BundleManifest, BundleSignature } from './schema.ts';

export const signatureFile = 'bundle.sig';

/** The hub's word for a manifest. `manifest` is the SHA-256 of bundle.yaml; times are epoch ms. */
export function signBundle(
  { id, version }: BundleManifest,
  manifest: string,
  by: Signer,
  issued: number,
  expires: number,
): BundleSignature {
  const [from, until] = [issued, expires].map((time) => new Date(time).toISOString()) as [string, string];
  return signDocument({ kind: 'bundle' as const, id, version, manifest, issued: from, expires: until }, by);
}

async function parseSignature(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, signatureFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Whether the bundle is signed by the key. A signature that is wrong is worse than none: throws
 * `bundle.signature`. Without a key nothing can be said of it, and the bundle counts as unsigned.
 */
export async function readSignature(
  folder: string,
  { id, version }: BundleManifest,
  manifest: string,
  verifier: Verifier | undefined,
): Promise<boolean> {
  const found = await parseSignature(folder);
  if (found === undefined || !verifier) return false;
  const refuse = (detail: string) =>
    faults.fault('bundle.signature', { id, version, detail }, join(folder, signatureFile));
  if (!Value.Check(BundleSignature, found)) throw refuse('it is no signature of a bundle');
  if (found.id !== id || found.version !== version) throw refuse(`it is for ${found.id} ${found.version}`);
  if (found.manifest !== manifest) throw refuse('bundle.yaml was changed after it was signed');
  if (!verifyDocument(found, verifier)) throw refuse('it was made with another key');
  return true;
}
