import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, type Problem } from '#flows/fault';
import { manifestFile, readManifest } from './bundle/load.ts';
import type { BundleManifest } from './bundle/schema.ts';
import { compareVersions } from './bundle/version.ts';

export interface FoundBundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
}

/** Folders with a bundle.yaml in a folder, or one level deeper (`<id>/<version>`), in order. */
async function bundleFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (at: string, depth: number): Promise<void> => {
    if (await stat(join(at, manifestFile)).catch(() => undefined)) {
      found.push(at);
      return;
    }
    if (depth === 0) return;
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    // What begins with a dot is half of a copy.
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    for (const { name } of folders) await look(join(at, name), depth - 1);
  };
  await look(folder, 2);
  return found.sort();
}

/** Bundles below a folder by their manifests alone, newest first; what cannot be read is told and left out. */
export async function findBundles(
  folder: string,
  onProblem: (problem: Problem) => void,
): Promise<FoundBundle[]> {
  const found: FoundBundle[] = [];
  for (const at of await bundleFolders(folder)) {
    const file = join(at, manifestFile);
    try {
      found.push({ folder: at, manifest: readManifest(await readFile(file, 'utf8'), file) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      onProblem(error.problem);
    }
  }
  return found.sort((a, b) => compareVersions(b.manifest.version, a.manifest.version));
}

/** Of each id the newest, in order of ids. */
export async function newestBundles(
  folder: string,
  onProblem: (problem: Problem) => void,
): Promise<FoundBundle[]> {
  const newest = new Map<string, FoundBundle>();
  for (const bundle of await findBundles(folder, onProblem)) {
    if (!newest.has(bundle.manifest.id)) newest.set(bundle.manifest.id, bundle);
  }
  return [...newest.values()].sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1));
}
