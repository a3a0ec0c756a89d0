import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The checkout that this script is part of. */
export const root = resolve(import.meta.dirname, '../..');
/** What scripts leave behind between runs: logs, locks, reports. Not in git. */
export const scratch = join(root, '.scratch');

/**
 * Where a program lies, as a shell would find it; undefined when it is not installed.
 * @param {string} name
 * @param {string} [path]
 */
export function which(name, path = process.env.PATH ?? '') {
  // /usr/sbin is where Debian puts servers, and not on everybody's PATH.
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/sbin']) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}
