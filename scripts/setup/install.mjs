import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { root } from './paths.mjs';
import { Refusal, say } from './refusal.mjs';
import { run } from './run.mjs';

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockEntry */
/** @typedef {{ packages?: Record<string, LockEntry> }} Lock */

/**
 * What is not installed as the lock file says. `node_modules/.package-lock.json` is what npm writes last,
 * so an interrupted install has none; it is compared by content, since a checkout changes file times.
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} present node_modules/.package-lock.json
 * @returns {string[]} paths of packages
 */
export function missingPackages(wanted, present) {
  const have = present?.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => path !== '' && !entry.link)
    .filter(([path, entry]) => {
      const found = have[path];
      return found ? found.version !== entry.version : !entry.optional;
    })
    .map(([path]) => path);
}

/** @param {string} file @returns {Lock | undefined} */
function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // torn by an interrupted install
  }
}

export function installed() {
  const wanted = readLock(join(root, 'package-lock.json'));
  if (!wanted)
    throw new Refusal(
      'package-lock.json is missing or damaged: restore it (`git checkout package-lock.json`).',
    );
  return missingPackages(wanted, readLock(join(root, 'node_modules/.package-lock.json'))).length === 0;
}

/**
 * Refuses to start what a full disk would break half-way.
 * @param {number} leastBytes
 */
export async function checkDisk(leastBytes) {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (free >= leastBytes) return;
  const mega = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6)} MB`;
  throw new Refusal(
    `The disk that holds ${root} has ${mega(free)} left and ${mega(leastBytes)} are needed: free some, then run it again.`,
  );
}

/** Installs what the lock file says. Scripts of packages are not run: natives.mjs compiles what is needed. */
export async function install() {
  await checkDisk(1_500_000_000);
  say('Installing packages (once, about a minute) …');
  const { command, args } = npm();
  const flags = [
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--progress=false',
  ];
  await run('packages', command, [...args, 'ci', ...flags]);
}
