import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { digest } from '#flows/trust/canonical';
import type { Release } from '#flows/wire';
import { machine } from '../time/machine.ts';
import { keepNote, readNote } from './known-good.ts';

const Attempt = Type.Object({
  of: Type.String(),
  boot: Type.String(),
  deaths: Type.Integer({ minimum: 0 }),
  open: Type.Boolean(),
  bundles: Type.Array(Type.Object({ id: Type.String(), version: Type.String() })),
});
type Attempt = Static<typeof Attempt>;

/**
 * Which release is being checked and how often the box has ended at it, in `data/release/attempt.json`: the hub sends it again
 * after each start, and a box that forgot why it ended would check it for ever. As with `KnownGood`, an end together with the
 * machine is none of the release's.
 */
export class Attempts {
  readonly #file: string;
  readonly #boot: string;

  constructor(data: string, boot = machine.boot) {
    this.#file = join(data, 'release', 'attempt.json');
    this.#boot = boot;
  }

  /**
   * The process has started. If the one before it ended while it checked a release that is counted, and the bundles of that
   * release come back; undefined: it ended otherwise.
   */
  start(): Attempt['bundles'] | undefined {
    const last = this.#read();
    if (!last?.open) return undefined;
    const died = last.boot === this.#boot;
    this.#write({ ...last, deaths: last.deaths + (died ? 1 : 0), open: false });
    return died ? last.bundles : undefined;
  }

  /** A release is going to be checked. How often the box has ended at it. */
  begin(release: Release): number {
    const of = digest(release);
    const last = this.#read();
    const deaths = last?.of === of ? last.deaths : 0;
    const bundles = (release.bundles ?? []).map(({ id, version }) => ({ id, version }));
    this.#write({ of, boot: this.#boot, deaths, open: true, bundles });
    return deaths;
  }

  /** What comes now is nothing that could end the box: it fetches, or was told to stop. */
  rest(): void {
    const last = this.#read();
    if (last) this.#write({ ...last, open: false });
  }

  /** Goes on after `rest`. */
  resume(): void {
    const last = this.#read();
    if (last) this.#write({ ...last, open: true });
  }

  /** It came to an end and the box is still there. */
  end(): void {
    rmSync(this.#file, { force: true });
  }

  #read(): Attempt | undefined {
    return readNote(Attempt, this.#file);
  }

  #write(attempt: Attempt): void {
    keepNote(this.#file, attempt);
  }
}
