import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { digest } from '#flows/trust/canonical';
import { type Signer, signDocument, type Verifier, verifyDocument } from '#flows/trust/sign';
import { faults } from '../faults.ts';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });

/** A path below the slot: no step out of it, no name that a shell or a terminal would take for more. */
const Path = text('Path below the slot.', {
  pattern: '^(?!.*(^|/)\\.\\.?(/|$))[^/\\u0000-\\u001f][^\\u0000-\\u001f]*$',
});

const Entry = Type.Union([
  Type.Object({
    path: Path,
    sha256: text('Of the content, hex.', { pattern: '^[0-9a-f]{64}$' }),
    bytes: Type.Integer({ minimum: 0 }),
    executable: Type.Boolean(),
  }),
  Type.Object({ path: Path, link: text('Where it leads: relative, and never out of the slot.') }),
]);
type Entry = Static<typeof Entry>;

/** What an update consists of, signed: nothing else may be in a slot. */
export const Manifest = Type.Object({
  kind: Type.Literal('software'),
  version: text('Version, MAJOR.MINOR.PATCH.', { pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' }),
  files: Type.Array(Entry),
  signature: Type.String(),
});
export type Manifest = Static<typeof Manifest>;

export const manifestName = 'manifest.json';

/** Undefined for what is no manifest. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return Value.Parse(Manifest, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Short name of one manifest. */
export const manifestId = (manifest: Manifest): string => digest(manifest).slice(0, 16);

/** Describes and signs everything below a folder but its manifest. */
export function makeManifest(folder: string, version: string, by: Signer): Manifest {
  const files = namesIn(folder).map((path) => entryOf(folder, path));
  return signDocument({ kind: 'software' as const, version, files }, by);
}

/** Throws `update.signature`, before anything of it is used. */
export function checkSignature(manifest: Manifest, by: Verifier): void {
  if (!verifyDocument(manifest, by)) throw faults.fault('update.signature', { version: manifest.version });
}

/** Everything below a folder is what the manifest says, and nothing more. Throws `update.content`. */
export function checkContent(folder: string, { files }: Manifest): void {
  const refuse = (path: string, detail: string) => faults.fault('update.content', { path, detail });
  const wanted = new Map(files.map((entry) => [entry.path, entry]));
  for (const path of namesIn(folder)) {
    const entry = wanted.get(path);
    if (!entry) throw refuse(path, 'is not in the manifest');
    const found = entryOf(folder, path);
    if ('link' in entry && leadsOut(entry)) throw refuse(path, 'leads out of the slot');
    if (JSON.stringify(found) !== JSON.stringify(sorted(entry))) throw refuse(path, 'is not what was signed');
    wanted.delete(path);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw refuse(missing, 'is missing');
}

/** In the order of `entryOf`, so that both compare as text. */
const sorted = (entry: Entry): Entry =>
  'link' in entry
    ? { path: entry.path, link: entry.link }
    : { path: entry.path, sha256: entry.sha256, bytes: entry.bytes, executable: entry.executable };

const leadsOut = ({ path, link }: { path: string; link: string }): boolean =>
  link.startsWith('/') || normalize(join(path, '..', link)).split(sep)[0] === '..';

/** Files and links below a folder, in order; folders count by what is in them. */
function namesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== manifestName)
    .sort();
}

function entryOf(folder: string, path: string): Entry {
  const file = join(folder, path);
  const stat = lstatSync(file);
  if (stat.isSymbolicLink()) return { path, link: readlinkSync(file) };
  if (!stat.isFile()) throw faults.fault('update.content', { path, detail: 'is neither file nor link' });
  return { path, sha256: hashFile(file), bytes: stat.size, executable: (stat.mode & 0o111) !== 0 };
}

/** SHA-256 of a file in pieces: bundles with models are larger than what a box has to spare. */
function hashFile(file: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1 << 20);
  const handle = openSync(file, 'r');
  try {
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}
