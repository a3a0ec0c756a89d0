import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Verifier } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { detailOf, replaceFile, syncFolder } from '../files.ts';
import { otherSlot, readSlots, type Slot, trialText } from './layout.ts';
import {
  checkContent,
  checkSignature,
  type Manifest,
  manifestId,
  manifestName,
  parseManifest,
} from './manifest.ts';

export interface InstallOptions {
  /** Folder with the slots. */
  readonly software: string;
  /** Who may sign software for this box. */
  readonly signedBy: Verifier;
  /** Takes a version below the one that runs too. */
  readonly allowOlder?: boolean;
  /** Told before every change on disk what comes next; tests end the process there. */
  readonly before?: (change: string) => void;
}

/** Free space that an update leaves to the box, bytes. */
const roomToSpare = 100_000_000;

/**
 * Puts an update into the slot that does not run and switches to it, on trial. The slot that runs is not touched, and until
 * the one rename at the end it is the one that boots. Throws `update.*` for what is not to be installed; then, as after a
 * kill at any moment, the box runs what it ran.
 */
export function install(
  file: string,
  options: InstallOptions,
): { readonly slot: Slot; readonly manifest: Manifest } {
  const { software, signedBy, before = () => undefined } = options;
  const { running, trial, versions } = readSlots(software);
  if (trial && trial.slot === running)
    throw faults.fault('update.trial', { version: versions[running]?.version ?? '?' });
  const manifest = manifestOf(file);
  checkSignature(manifest, signedBy);
  const now = running && versions[running]?.version;
  if (now && !options.allowOlder && compareVersions(manifest.version, now) < 0) {
    throw faults.fault('update.old', { version: manifest.version, running: now });
  }
  const slot = running ? otherSlot(running) : 'a';
  const folder = join(software, 'slots');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const place = join(folder, slot);
  const fresh = `${place}.new`;

  before('empty the slot');
  // Its manifest goes first: half a slot is none.
  rmSync(join(place, manifestName), { force: true });
  before('remove what was in the slot');
  for (const old of [place, fresh]) rmSync(old, { recursive: true, force: true });
  checkRoom(folder, manifest);
  before('unpack');
  mkdirSync(fresh, { mode: 0o755 });
  unpack(file, fresh);
  before('check and sync');
  try {
    checkContent(fresh, manifest);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  execFileSync('sync', ['-f', fresh]);
  before('name the slot');
  renameSync(fresh, place);
  syncFolder(folder);
  if (running) {
    before('begin the trial');
    const fields = { slot, from: running, starts: 0, minutes: 0, id: manifestId(manifest) };
    replaceFile(join(software, 'trial'), trialText(fields), 0o644);
  }
  switchTo(software, slot, before);
  return { slot, manifest };
}

/** Back to the other slot at once, without a trial: it ran before. Throws `update.nothing`. */
export function rollBack(software: string, before: (change: string) => void = () => undefined): Slot {
  const { running, versions } = readSlots(software);
  const slot = running ? otherSlot(running) : undefined;
  if (!slot || !versions[slot]) throw faults.fault('update.nothing');
  switchTo(software, slot, before);
  before('end the trial');
  rmSync(join(software, 'trial'), { force: true });
  syncFolder(software);
  return slot;
}

/** One rename decides which slot boots. */
function switchTo(software: string, slot: Slot, before: (change: string) => void): void {
  const fresh = join(software, 'current.new');
  before('write the link');
  rmSync(fresh, { force: true });
  symlinkSync(`slots/${slot}`, fresh);
  before('switch');
  renameSync(fresh, join(software, 'current'));
  before('sync the switch');
  syncFolder(software);
}

/** The manifest alone, before anything is unpacked. */
function manifestOf(file: string): Manifest {
  if (!existsSync(file)) throw faults.fault('update.form', { detail: `there is no ${file}` });
  let text: string;
  try {
    text = execFileSync('tar', ['-xOf', file, manifestName], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: 'pipe',
    });
  } catch (error) {
    throw faults.fault('update.form', { detail: detailOf(error).split('\n')[0] ?? '' }, file, error);
  }
  const manifest = parseManifest(text);
  if (!manifest) throw faults.fault('update.form', { detail: 'its manifest is none' }, file);
  return manifest;
}

function unpack(file: string, folder: string): void {
  const safe = ['--no-same-owner', '--no-same-permissions', '--delay-directory-restore'];
  try {
    execFileSync('tar', ['-xf', file, '-C', folder, ...safe], { stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw faults.fault('update.form', { detail: detailOf(error).split('\n')[0] ?? '' }, file, error);
  }
}

function checkRoom(folder: string, { files }: Manifest): void {
  const bytes = files.reduce((sum, entry) => sum + ('bytes' in entry ? entry.bytes + 4096 : 0), roomToSpare);
  const { bavail, bsize } = statfsSync(folder);
  const mb = (count: number) => Math.round(count / 1e6);
  if (bavail * bsize < bytes)
    throw faults.fault('update.room', { free: mb(bavail * bsize), needed: mb(bytes) });
}

/** As numbers, part by part. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  for (const part of [0, 1, 2]) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
