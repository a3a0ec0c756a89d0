import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
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
type Bundles = Attempt['bundles'];

/**
 * What came from the hub is being read or checked, and how often the box has ended at it: the hub sends it again after each
 * start, and a box that forgot why it ended would take it for ever. In `data/release/<name>.json`. As with `KnownGood`, an end
 * together with the machine counts for nothing.
 */
export class Attempts {
  readonly #file: string;
  readonly #boot: string;

  constructor(data: string, name: 'attempt' | 'reading' = 'attempt', boot = machine.boot) {
    this.#file = join(data, 'release', `${name}.json`);
    this.#boot = boot;
  }

  /**
   * The process has started. If the one before it ended in an attempt that is counted, and the bundles that came for it
   * come back; undefined: it ended otherwise.
   */
  start(): Bundles | undefined {
    const last = this.#read();
    if (!last?.open) return undefined;
    const died = last.boot === this.#boot;
    this.#write({ ...last, deaths: last.deaths + (died ? 1 : 0), open: false });
    return died ? last.bundles : undefined;
  }

  /** Something is going to be tried, by its digest, with the bundles that come for it. How often the box has ended at it. */
  begin(of: string, bundles: Bundles = []): number {
    const last = this.#read();
    const deaths = last?.of === of ? last.deaths : 0;
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
