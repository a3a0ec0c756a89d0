import { join } from 'node:path';
import { readIfThere } from './files.ts';

/** Secrets by name: one file each in a folder; names that could leave the folder are none. */
export function secretsOf(folder: string | undefined): (name: string) => string | undefined {
  return (name) => {
    if (folder === undefined || !/^[\w-][\w.-]*$/.test(name)) return undefined;
    return readIfThere(join(folder, name))?.replace(/\r?\n$/, '');
  };
}
