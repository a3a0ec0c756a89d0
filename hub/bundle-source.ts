import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleFetch, BundlePiece } from '#flows/bundle-wire';
import { sha256Hex } from '#flows/trust/canonical';
import type { ReleaseBundle } from '#flows/wire';
import { manifestFile } from '#models/bundle/load';
import { signatureFile } from '#models/bundle/signature';
import { findBundles } from '#models/find';

export interface BundleSourceOptions {
  /** Folder of the bundles that the hub has, `<id>/<version>` below it. */
  readonly folder: string;
  /** Whether a box may have a bundle: a release names it. */
  readonly mayHave: (box: string, id: string, version: string) => boolean;
}

/** The imported bundles: what a release may name, and the pieces that boxes ask for. */
export function createBundleSource({ folder, mayHave }: BundleSourceOptions) {
  /** What cannot be read is told by the command that imports. */
  const found = () => findBundles(folder, () => undefined);

  /** Undefined for a file that is not of the bundle: no name of a box leads out of the folder. */
  async function openFile({ id, version, file }: BundleFetch): Promise<FileHandle | undefined> {
    const bundle = (await found()).find(({ manifest }) => manifest.id === id && manifest.version === version);
    if (!bundle) return undefined;
    const files = [manifestFile, signatureFile, ...Object.keys(bundle.manifest.files)];
    return files.includes(file) ? open(join(bundle.folder, file), 'r').catch(() => undefined) : undefined;
  }

  return {
    /** As a release names it; undefined when the hub has no such bundle. */
    async named(id: string, version: string): Promise<ReleaseBundle | undefined> {
      const one = (await found()).find(({ manifest }) => manifest.id === id && manifest.version === version);
      if (!one) return undefined;
      return { id, version, manifest: sha256Hex(await readFile(join(one.folder, manifestFile))) };
    },
    /** All that the hub has, newest first. */
    list: async () =>
      (await found()).map(({ manifest: { id, version, title, validation, format } }) => ({
        id,
        version,
        title,
        validation,
        format,
      })),
    /** The answer to a box. */
    async piece(asked: BundleFetch): Promise<BundlePiece> {
      const { box, id, version, file, offset, length } = asked;
      const place = { kind: 'bundle-piece' as const, id, version, file, offset };
      const missing = (why: string) => ({ ...place, bytes: 0, data: '', missing: why });
      if (!mayHave(box, id, version)) return missing('no release to this box names it');
      const handle = await openFile(asked);
      if (!handle) return missing('the hub does not have it');
      try {
        const { size } = await handle.stat();
        const room = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await handle.read(room, 0, room.length, offset);
        return { ...place, bytes: size, data: room.subarray(0, bytesRead).toString('base64') };
      } finally {
        await handle.close();
      }
    },
  };
}
export type BundleSource = ReturnType<typeof createBundleSource>;
