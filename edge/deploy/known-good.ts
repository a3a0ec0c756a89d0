import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { digest } from '#flows/trust/canonical';
import { Release } from '#flows/wire';
import { readIfThere, replaceFile } from '../files.ts';
import { machine } from '../time/machine.ts';

/** A box that runs so long with data getting through has shown that its release is good, ms. */
export const settledMs = 600_000;

const Starts = Type.Object({
  of: Type.String(),
  boot: Type.String(),
  crashes: Type.Integer({ minimum: 0 }),
  open: Type.Boolean(),
});
type Starts = Static<typeof Starts>;
const Taken = Type.Object({ release: Type.String(), version: Type.Integer() });

/**
 * Which release ran healthily, and how often the box has ended without being stopped since it runs another. All of it is on
 * disk: each process sees only its own start. An end together with the machine (a power cut) is no crash, one after data got
 * through begins the count anew, and no clock is asked.
 */
export class KnownGood {
  readonly #good: string;
  readonly #starts: string;
  readonly #taken: string;
  readonly #boot: string;

  /** Next to the release that runs, in `data/release`. */
  constructor(data: string, boot = machine.boot) {
    const folder = join(data, 'release');
    this.#good = join(folder, 'good.json');
    this.#starts = join(folder, 'starts.json');
    this.#taken = join(folder, 'taken-back.json');
    this.#boot = boot;
  }

  /**
   * The box starts with a release (undefined: with the flows of its config). Crashes in a row that it has behind it; `blamed`:
   * whether an end without a stop was one of them.
   */
  begin(release: Release | undefined, blamed = true): number {
    const of = nameOf(release);
    const last = this.#readStarts();
    const same = last?.of === of && last.boot === this.#boot;
    const crashes = same && last.open ? last.crashes + (blamed ? 1 : 0) : 0;
    this.#write({ of, boot: this.#boot, crashes, open: true });
    return crashes;
  }

  /** Another release begins to run: it has nothing behind it. */
  renew(release: Release | undefined): void {
    this.#write({ of: nameOf(release), boot: this.#boot, crashes: 0, open: true });
  }

  /** The box is stopped softly. */
  end(): void {
    const last = this.#readStarts();
    if (last) this.#write({ ...last, crashes: 0, open: false });
  }

  /** The release has run healthily for long enough. */
  settle(release: Release | undefined): void {
    this.renew(release);
    if (release) keepNote(this.#good, release);
  }

  /** The last release that settled; undefined: none did, or it cannot be read. */
  get good(): Release | undefined {
    const text = readIfThere(this.#good);
    try {
      return text === undefined ? undefined : Value.Parse(Release, JSON.parse(text));
    } catch {
      rmSync(this.#good, { force: true });
      return undefined;
    }
  }

  /** Not to be run again, whoever sends it. */
  takeBack(release: Release): void {
    keepNote(this.#taken, { release: nameOf(release), version: release.version });
  }

  wasTakenBack(release: Release): boolean {
    return this.#readTaken()?.release === nameOf(release);
  }

  /** Version of the last release that was taken back. */
  get takenBack(): number | undefined {
    return this.#readTaken()?.version;
  }

  #readTaken(): Static<typeof Taken> | undefined {
    return readNote(Taken, this.#taken);
  }

  #readStarts(): Starts | undefined {
    return readNote(Starts, this.#starts);
  }

  #write(starts: Starts): void {
    keepNote(this.#starts, starts);
  }
}

/** Undefined: there is none, or it is damaged, and the box goes on as if it had never been. */
export function readNote<T extends TSchema>(schema: T, file: string): Static<T> | undefined {
  const text = readIfThere(file);
  try {
    return text === undefined ? undefined : Value.Parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** On a full disk it is not kept: a box without these notes runs, and one that stands because of them would not. */
export function keepNote(file: string, value: object): void {
  try {
    replaceFile(file, JSON.stringify(value));
  } catch {
    // counted as if it had not been
  }
}

const nameOf = (release: Release | undefined): string => (release ? digest(release) : 'config');
