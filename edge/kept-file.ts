import { renameSync, rmSync } from 'node:fs';
import { sha256Hex } from '#flows/trust/canonical';
import { detailOf, isMissing, readIfThere, replaceFile } from './files.ts';

/** A file that was not what had been written. */
export interface FileDamage {
  readonly file: string;
  readonly detail: string;
  /** Where the damaged file is now; absent: it was gone. */
  readonly aside?: string;
  /** Whether its content is back. */
  readonly restored: boolean;
}

export interface KeptFileOptions {
  readonly file: string;
  /** Whether a text can be used; asked where there is no copy to say so. */
  readonly usable: (text: string) => boolean;
  readonly onDamage: (damage: FileDamage) => void;
}

/** A copy: its own digest, that of the file which it was to replace, and the text. */
const copyForm = /^([0-9a-f]{64}) ([0-9a-f]{64})\n([\s\S]*)$/;

/**
 * A small file that a box cannot be without, kept twice: beside it lies `<file>.copy`, which knows its own digest. The copy is
 * written first. What differs from a whole copy is put back from it, unless it is what was there before: then the process had
 * ended between the two. Whoever changes such a file by hand removes the copy.
 */
export class KeptFile {
  readonly #options: KeptFileOptions;
  readonly #copy: string;

  constructor(options: KeptFileOptions) {
    this.#options = options;
    this.#copy = `${options.file}.copy`;
  }

  /** Undefined: there never was one, or nothing of it can be used any more, which is told. */
  read(): string | undefined {
    const { usable } = this.#options;
    const [text, copied] = [this.#text(this.#options.file), this.#text(this.#copy)];
    const copy = copied === undefined ? undefined : readCopy(copied);
    if (copy) return this.#restore(text, copy);
    if (text === undefined && copied === undefined) return undefined;
    const good = text !== undefined && usable(text);
    if (copied !== undefined) this.#lost(this.#copy, 'its text is not what was written', good);
    if (good) attempt(() => this.#writeCopy(text, text));
    else if (text !== undefined) this.#lost(this.#options.file, 'its text cannot be used', false);
    return good ? text : undefined;
  }

  /** Throws what the disk says. */
  write(text: string): void {
    this.#writeCopy(text, this.#text(this.#options.file));
    replaceFile(this.#options.file, text);
  }

  remove(): void {
    rmSync(this.#copy, { force: true });
    rmSync(this.#options.file, { force: true });
  }

  #restore(text: string | undefined, copy: { readonly before: string; readonly text: string }): string {
    const { file } = this.#options;
    if (text === copy.text) return text;
    const interrupted = digestOf(text) === copy.before;
    if (!interrupted)
      this.#lost(file, text === undefined ? 'it is gone' : 'its text is not what was written', true);
    attempt(() => replaceFile(file, copy.text));
    return copy.text;
  }

  #writeCopy(text: string, before: string | undefined): void {
    replaceFile(this.#copy, `${digestOf(text)} ${digestOf(before)}\n${text}`);
  }

  /** Sets aside what there is of a damaged file, and tells. */
  #lost(file: string, detail: string, restored: boolean): void {
    const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '')}`;
    const moved = attempt(() => renameSync(file, aside));
    this.#options.onDamage({ file, detail, ...(moved ? { aside } : {}), restored });
  }

  /** A file that the disk does not give is as good as one that says nothing. */
  #text(file: string): string | undefined {
    try {
      return readIfThere(file);
    } catch (error) {
      return isMissing(error) ? undefined : detailOf(error);
    }
  }
}

/** Zeros where there is no file. */
const digestOf = (text: string | undefined): string =>
  text === undefined ? '0'.repeat(64) : sha256Hex(text);

function readCopy(copied: string): { readonly before: string; readonly text: string } | undefined {
  const [, digest, before = '', text = ''] = copyForm.exec(copied) ?? [];
  return digest === sha256Hex(text) ? { before, text } : undefined;
}

/** On a full disk the box goes on with what it has read; the next start does it again. */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
