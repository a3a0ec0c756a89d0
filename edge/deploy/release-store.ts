import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Release } from '#flows/wire';
import { readIfThere, replaceFile } from '../files.ts';

/** The release that runs, in one file: the old or the new, never half of one. */
export class ReleaseStore {
  readonly #file: string;

  constructor(data: string) {
    const folder = join(data, 'release');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = join(folder, 'release.json');
  }

  /** Undefined where none ever came, or what is there cannot be read: the hub sends it again. */
  read(): Release | undefined {
    const stored = readIfThere(this.#file);
    if (stored === undefined) return undefined;
    try {
      return Value.Parse(Release, JSON.parse(stored));
    } catch {
      return undefined;
    }
  }

  write(release: Release): void {
    replaceFile(this.#file, JSON.stringify(release));
  }

  /** The flows of the config run again. */
  clear(): void {
    rmSync(this.#file, { force: true });
  }
}
