import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { sha256Hex } from '#flows/trust/canonical';
import type { Verifier } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { BundleManifest, Golden } from './schema.ts';
import { readSignature } from './signature.ts';

/** A bundle whose hashes are right, and whose signature is where it has one. Its golden outputs are the runner's to check. */
export interface LoadedBundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  /** SHA-256 of bundle.yaml, hex: the identity of the content. */
  readonly hash: string;
  /** A hub vouches for it. */
  readonly signed: boolean;
  readonly golden: Golden;
  /** Path of a file of the bundle. */
  file(name: string): string;
}

export interface LoadOptions {
  /** Key of the hub; without it no signature counts, and the bundle is loaded as unsigned. */
  readonly verifier?: Verifier | undefined;
  /** Refuses what is not signed. */
  readonly signedOnly?: boolean;
}

export const manifestFile = 'bundle.yaml';
const goldenFile = 'golden.json';

/**
 * Reads and checks a bundle: schema, the SHA-256 of every listed file, signature. Throws `bundle.missing`,
 * `bundle.syntax`, `bundle.hash`, `bundle.signature`.
 */
export async function loadBundle(folder: string, options: LoadOptions = {}): Promise<LoadedBundle> {
  const bytes = await readFile(join(folder, manifestFile)).catch((error: Error) => {
    throw faults.fault('bundle.missing', { folder, detail: error.message }, folder, error);
  });
  const manifest = readManifest(bytes.toString('utf8'), join(folder, manifestFile));
  const hash = sha256Hex(bytes);
  const signed = await readSignature(folder, manifest, hash, options.verifier);
  if (options.signedOnly && !signed) {
    const { id, version } = manifest;
    throw faults.fault('bundle.signature', { id, version, detail: 'there is none' }, folder);
  }
  await checkFiles(folder, manifest);
  const golden = await readGolden(join(folder, goldenFile));
  return { folder, manifest, hash, signed, golden, file: (name) => join(folder, name) };
}

/** Throws `bundle.syntax` with the path of the field. */
export function readManifest(text: string, at: string): BundleManifest {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw faults.fault('bundle.syntax', { detail: (error as Error).message }, at, error);
  }
  const [problem] = Value.Errors(BundleManifest, document);
  if (problem) {
    const place = problem.instancePath || 'the document';
    const detail = problem.keyword === 'boolean' ? `${place} is no field` : `${place} ${problem.message}`;
    throw faults.fault('bundle.syntax', { detail }, at);
  }
  const manifest = document as BundleManifest;
  for (const detail of contradictions(manifest)) throw faults.fault('bundle.syntax', { detail }, at);
  return manifest;
}

/** What the schema cannot say. */
function contradictions({ files, model, thresholds }: BundleManifest): string[] {
  const strange = Object.keys(files).find(
    (file) => posix.isAbsolute(file) || /(^|\/)\.{0,2}(\/|$)|\\/.test(file),
  );
  return [
    ...(strange === undefined ? [] : [`files names ${strange}, which is no path below the bundle`]),
    ...[model, goldenFile].filter((file) => !Object.hasOwn(files, file)).map((file) => `files lacks ${file}`),
    ...(Object.hasOwn(thresholds, 'unified') ? [] : ['thresholds lacks the class unified']),
  ];
}

async function checkFiles(folder: string, { id, files }: BundleManifest): Promise<void> {
  for (const [file, expected] of Object.entries(files)) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, file)), hash).catch((error: Error) => {
      throw faults.fault('bundle.hash', { id, file }, join(folder, file), error);
    });
    if (hash.digest('hex') !== expected) throw faults.fault('bundle.hash', { id, file }, join(folder, file));
  }
}

async function readGolden(at: string): Promise<Golden> {
  try {
    return Value.Parse(Golden, JSON.parse(await readFile(at, 'utf8')));
  } catch (error) {
    throw faults.fault('bundle.syntax', { detail: `golden.json: ${(error as Error).message}` }, at, error);
  }
}
