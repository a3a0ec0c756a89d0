import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import type { Problem } from '#flows/fault';
import { sha256Hex } from '#flows/trust/canonical';
import type { Verifier } from '#flows/trust/sign';
import type { ReleaseBundle } from '#flows/wire';
import { installBundle } from '#models/bundle/install';
import { loadBundle, manifestFile, readManifest } from '#models/bundle/load';
import { BundleSignature } from '#models/bundle/schema';
import { signatureFile } from '#models/bundle/signature';
import { compareVersions } from '#models/bundle/version';
import { faults } from '../faults.ts';
import type { BundleFetcher } from './bundle-fetcher.ts';

export interface ReleasedBundlesOptions {
  /** Folder of what was released to this box, `<id>/<version>` below it. */
  readonly folder: string;
  readonly fetcher: BundleFetcher;
  /** Of the hub's key. */
  readonly verifier: Verifier;
  readonly now: () => number;
  /** Proves a bundle and gives new scans to it; rejects, and all goes on as it was. */
  readonly use: (folder: string) => Promise<unknown>;
  readonly say: (problem: Problem) => void;
}

/** What is said of the way of a bundle. */
export type Progress = (words: string) => void;

/** Versions of a model that are kept: the one that runs, and the one before it. */
const keptVersions = 2;
const incoming = '.incoming';

/**
 * Brings the bundles that a release names: each is fetched whole, its signature, hashes and golden outputs are
 * checked, and only then does it get scans. What ran before goes on until then, and if anything is wrong.
 */
export class ReleasedBundles {
  readonly #options: ReleasedBundlesOptions;

  constructor(options: ReleasedBundlesOptions) {
    this.#options = options;
  }

  /** `fetched` is told before the first is used. Throws `bundle.*` and `model.*`; rejects with the signal's reason when it is aborted. */
  async bring(
    bundles: readonly ReleaseBundle[],
    signal: AbortSignal,
    tell: Progress,
    fetched: () => void = () => undefined,
  ): Promise<void> {
    const folders: string[] = [];
    for (const bundle of bundles) folders.push(await this.#fetched(bundle, signal, tell));
    fetched();
    for (const folder of folders) {
      signal.throwIfAborted();
      await this.#options.use(folder).catch(async (error: unknown) => {
        // It must not be tried again at the next start.
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
    }
    for (const { id } of bundles) await this.#forgetOld(id);
  }

  /** The folder of the bundle, whole and signed. */
  async #fetched(bundle: ReleaseBundle, signal: AbortSignal, tell: Progress): Promise<string> {
    const { folder, verifier, now, say } = this.#options;
    const { id, version, manifest: sha256 } = bundle;
    if (!/^[a-z0-9-]+$/.test(id) || !/^\d+\.\d+\.\d+$/.test(version))
      throw faults.fault('bundle.unavailable', {
        id,
        version,
        file: manifestFile,
        detail: 'it has no such name',
      });
    const target = join(folder, id, version);
    if ((await hashAt(join(target, manifestFile))) === sha256) return target;
    const part = join(folder, incoming, `${id}-${version}-${sha256.slice(0, 16)}`);
    await mkdir(part, { recursive: true, mode: 0o700 });
    await this.#fill(part, bundle, signal, tell);
    const loaded = await loadBundle(part, { verifier, signedOnly: true });
    const signature = Value.Parse(
      BundleSignature,
      JSON.parse(await readFile(join(part, signatureFile), 'utf8')),
    );
    const installed = await installBundle(loaded, signature, folder, now(), say);
    await rm(join(folder, incoming), { recursive: true, force: true });
    return installed;
  }

  async #fill(
    part: string,
    { id, version, manifest }: ReleaseBundle,
    signal: AbortSignal,
    tell: Progress,
  ): Promise<void> {
    const fetch = (file: string, sha256?: string) =>
      this.#options.fetcher.fetch(
        { id, version, file, ...(sha256 === undefined ? {} : { sha256 }) },
        part,
        signal,
        (bytes, of) => tell(`${id} ${version}: ${file}, ${kilobytes(bytes)} of ${kilobytes(of)} kB`),
      );
    const at = await fetch(manifestFile, manifest);
    const { files } = readManifest(await readFile(at, 'utf8'), at);
    await fetch(signatureFile);
    for (const [file, sha256] of Object.entries(files)) await fetch(file, sha256);
  }

  async #forgetOld(id: string): Promise<void> {
    const root = join(this.#options.folder, id);
    const versions = (await readdir(root)).filter((name) => !name.startsWith('.'));
    versions.sort((a, b) => compareVersions(b, a));
    for (const old of versions.slice(keptVersions))
      await rm(join(root, old), { recursive: true, force: true });
  }
}

const kilobytes = (bytes: number): string => Math.ceil(bytes / 1000).toLocaleString('en');

const hashAt = (file: string): Promise<string | undefined> => readFile(file).then(sha256Hex, () => undefined);
