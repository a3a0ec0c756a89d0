import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { digest } from '#flows/trust/canonical';
import { Release } from '#flows/wire';
import { readIfThere, replaceFile } from '../files.ts';
import { type Machine, machine } from '../time/machine.ts';

/** A box that runs so long with data getting through has shown that its release is good, ms. */
export const settledMs = 600_000;

const Starts = Type.Object({
  of: Type.String(),
  boot: Type.String(),
  crashes: Type.Integer({ minimum: 0 }),
  open: Type.Boolean(),
  /** Whether data got through since the process started. */
  ran: Type.Optional(Type.Boolean()),
  /** When the box ended under it although data got through: ms since the machine started, of the last hour. */
  ends: Type.Optional(Type.Array(Type.Number())),
});
type Starts = Static<typeof Starts>;
const Taken = Type.Object({ release: Type.String(), version: Type.Integer() });

/** So long an end counts after which data had got through, ms. */
export const hourMs = 3_600_000;

/** What a release has behind it. */
export interface Crashes {
  /** In a row, each before data got through. */
  readonly inARow: number;
  /** Within an hour, each after data had got through. */
  readonly inAnHour: number;
}

/**
 * Which release ran healthily, and how often the box has ended without being stopped since it runs another. All of it is on
 * disk: each process sees only its own start. An end together with the machine (a power cut) is no crash, one after data got
 * through begins the count in a row anew and is one of those in an hour, by what the machine itself says it has been up: no clock is asked.
 */
export class KnownGood {
  readonly #good: string;
  readonly #goodBefore: string;
  readonly #starts: string;
  readonly #taken: string;
  readonly #machine: Machine;

  /** Next to the release that runs, in `data/release`. */
  constructor(data: string, on: Machine = machine) {
    const folder = join(data, 'release');
    this.#good = join(folder, 'good.json');
    this.#goodBefore = join(folder, 'good-before.json');
    this.#starts = join(folder, 'starts.json');
    this.#taken = join(folder, 'taken-back.json');
    this.#machine = on;
  }

  /**
   * The box starts with a release (undefined: with the flows of its config). Crashes that it has behind it; `blamed`:
   * whether an end without a stop was one of them.
   */
  begin(release: Release | undefined, blamed = true): Crashes {
    const of = nameOf(release);
    const last = this.#of(release);
    const ended = last?.open === true && blamed;
    const inARow = last?.open ? last.crashes + (blamed ? 1 : 0) : 0;
    const ends = this.#recent(last);
    if (ended && last.ran) ends.push(this.#machine.upMs());
    this.#write({ of, crashes: inARow, open: true, ran: false, ends });
    return { inARow, inAnHour: ends.length };
  }

  /** Another release begins to run: it has nothing behind it. */
  renew(release: Release | undefined): void {
    this.#write({ of: nameOf(release), crashes: 0, open: true, ran: false, ends: [] });
  }

  /** Data gets through under it. */
  progressed(release: Release | undefined): void {
    const ends = this.#recent(this.#of(release));
    this.#write({ of: nameOf(release), crashes: 0, open: true, ran: true, ends });
  }

  /** The box is stopped softly. */
  end(): void {
    const last = this.#readStarts();
    if (last) this.#write({ ...last, crashes: 0, open: false });
  }

  /** The release has run healthily for long enough; false: not without an end in the last hour, so that it is too early. */
  settle(release: Release | undefined): boolean {
    if (this.#recent(this.#of(release)).length > 0) return false;
    this.progressed(release);
    if (!release) return true;
    const { good } = this;
    if (good && nameOf(good) !== nameOf(release)) keepNote(this.#goodBefore, good);
    keepNote(this.#good, release);
    return true;
  }

  /** The last release that settled; undefined: none did, or it cannot be read. */
  get good(): Release | undefined {
    return readRelease(this.#good);
  }

  /** What to go back to from a release: the last other one that settled. */
  goodInsteadOf(release: Release): Release | undefined {
    return [this.#good, this.#goodBefore]
      .map(readRelease)
      .find((good) => good && nameOf(good) !== nameOf(release));
  }

  /** It is gone back to: of what settled after it nothing is gone back to any more. */
  goBackTo(good: Release | undefined): void {
    if (good && this.good && nameOf(this.good) !== nameOf(good)) {
      keepNote(this.#good, good);
      rmSync(this.#goodBefore, { force: true });
    }
    this.renew(good);
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

  /** What is known of the starts of a release on this machine since it was started itself. */
  #of(release: Release | undefined): Starts | undefined {
    const last = this.#readStarts();
    return last?.of === nameOf(release) && last.boot === this.#machine.boot ? last : undefined;
  }

  #recent(starts: Starts | undefined): number[] {
    const now = this.#machine.upMs();
    return (starts?.ends ?? []).filter((at) => at <= now && now - at < hourMs);
  }

  #write(starts: Omit<Starts, 'boot'>): void {
    keepNote(this.#starts, { ...starts, boot: this.#machine.boot });
  }
}

/** Undefined, and gone: it is damaged. */
function readRelease(file: string): Release | undefined {
  const text = readIfThere(file);
  try {
    return text === undefined ? undefined : Value.Parse(Release, JSON.parse(text));
  } catch {
    rmSync(file, { force: true });
    return undefined;
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
