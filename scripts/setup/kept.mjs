import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './headers.mjs';

/**
 * Where what was compiled for this Node is kept, for the next checkout of this user on this machine.
 * @param {string} name
 * @param {string} version
 */
const keptFile = (name, version) =>
  join(
    cacheFolder(),
    `${name}-${version}-${process.versions.modules}-${process.platform}-${process.arch}.node`,
  );

/**
 * Puts what was kept into its place; whoever calls sees whether it loads.
 * @param {string} name
 * @param {string} version
 * @param {string} place
 * @returns {boolean} whether there was anything
 */
export function fetchKept(name, version, place) {
  const file = keptFile(name, version);
  if (!existsSync(file)) return false;
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(file, place);
  return true;
}

/**
 * Keeps what was compiled, whole or not at all.
 * @param {string} name
 * @param {string} version
 * @param {string} place
 */
export function keep(name, version, place) {
  const file = keptFile(name, version);
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    copyFileSync(place, partial);
    renameSync(partial, file);
  } catch {
    rmSync(partial, { force: true }); // a home that cannot be written to costs a minute next time, no more
  }
}
