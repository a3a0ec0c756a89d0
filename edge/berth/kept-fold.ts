import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Emission } from '#flows/event';

export interface Fold<T> {
  /** Types of events that it is made from. */
  readonly types: readonly string[];
  empty(): T;
  /** What a file says, which may be of an older version. */
  read(said: unknown): T;
  /** Changes it in place. */
  take(kept: T, event: Pick<Emission, 'type' | 'time' | 'subject' | 'data'>): void;
}

/**
 * What a berth's page shows, made from what the box itself has committed and kept in a file, so that whoever stands beside the box sees it
 * without a hub and after a restart. It is for people alone: nothing is concluded from it, and a kill may cost its last seconds.
 */
export class KeptFold<T> {
  readonly #file: string;
  readonly #fold: Fold<T>;
  readonly #types: ReadonlySet<string>;
  /** Least time between two writings, ms: the file may have some megabytes. */
  readonly #writeMs: number;
  #kept: T | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, fold: Fold<T>, writeMs: number) {
    this.#file = file;
    this.#fold = fold;
    this.#types = new Set(fold.types);
    this.#writeMs = writeMs;
  }

  get kept(): T {
    this.#kept ??= this.#read();
    return this.#kept;
  }

  take({ type, time, subject, data }: Emission): void {
    if (!this.#types.has(type)) return;
    this.#fold.take(this.kept, { type, time, data, ...(subject === undefined ? {} : { subject }) });
    this.#timer ??= setTimeout(() => this.#write(), this.#writeMs);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const part = `${this.#file}.part`;
    try {
      writeFileSync(part, JSON.stringify(this.kept), { mode: 0o600 });
      renameSync(part, this.#file);
    } catch {
      // A full disk is told by what has to be kept; this is not.
    }
  }

  #read(): T {
    try {
      return this.#fold.read(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return this.#fold.empty();
    }
  }

  close(): void {
    if (this.#timer !== undefined) this.#write();
  }
}
