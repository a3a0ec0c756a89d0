import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { findBundles } from '../find.ts';
import { type LoadedBundle, manifestFile } from './load.ts';
import type { BundleSignature } from './schema.ts';
import { signatureFile } from './signature.ts';
import { compareVersions } from './version.ts';

async function syncAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  for (const path of [...paths, folder, dirname(folder)]) {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

/**
 * Copies a checked bundle to `<root>/<id>/<version>`, what its manifest lists and nothing else, with a signature: whole
 * and on disk, or not at all. Throws `bundle.old`, `bundle.conflict` against what is there, and `bundle.expired`.
 */
export async function installBundle(
  bundle: LoadedBundle,
  signature: BundleSignature,
  root: string,
  now: number,
  onProblem: (problem: Problem) => void,
): Promise<string> {
  const { id, version, files } = bundle.manifest;
  const { expires } = signature;
  if (Date.parse(expires) <= now)
    throw faults.fault('bundle.expired', { id, version, expires }, bundle.folder);
  const there = (await findBundles(root, onProblem)).find(({ manifest }) => manifest.id === id);
  const order = there ? compareVersions(version, there.manifest.version) : 1;
  if (there && order < 0) throw faults.fault('bundle.old', { id, version, running: there.manifest.version });
  if (order === 0) throw faults.fault('bundle.conflict', { id, version });
  const target = join(root, id, version);
  const part = join(root, id, `.${version}.part`);
  await rm(part, { recursive: true, force: true });
  for (const file of [manifestFile, ...Object.keys(files)]) {
    await mkdir(dirname(join(part, file)), { recursive: true, mode: 0o700 });
    await copyFile(bundle.file(file), join(part, file));
  }
  await writeFile(join(part, signatureFile), `${JSON.stringify(signature)}\n`);
  await syncAll(part);
  await rename(part, target);
  await syncAll(target);
  return target;
}
