import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Release } from '#flows/wire';
import { type FileDamage, KeptFile } from '../kept-file.ts';

/** The release that runs, in a file and its copy: the old or the new, never half of one. */
export class ReleaseStore {
  readonly #file: KeptFile;

  constructor(data: string, onDamage: (damage: FileDamage) => void = () => undefined) {
    const folder = join(data, 'release');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const usable = (text: string) => parsed(text) !== undefined;
    this.#file = new KeptFile({ file: join(folder, 'release.json'), usable, onDamage });
  }

  /** Undefined where none ever came, or nothing of it can be read: the hub sends it again. */
  read(): Release | undefined {
    const stored = this.#file.read();
    return stored === undefined ? undefined : parsed(stored);
  }

  write(release: Release): void {
    this.#file.write(JSON.stringify(release));
  }

  /** The flows of the config run again. */
  clear(): void {
    this.#file.remove();
  }
}

function parsed(text: string): Release | undefined {
  try {
    return Value.Parse(Release, JSON.parse(text));
  } catch {
    return undefined;
  }
}
