import type { Priority } from '#flows/event';
import type { Reserve } from './reserve.ts';
import type { Store } from './schema.ts';

const pageBytes = 4096;
/** Of the budget: room enough for what comes next before sources run again. */
const resumeShare = 0.95;
/** Of the limit, what is dropped at once, so that dropping is rare and tombstones are few. */
const dropShare = 1 / 32;

/** What the outbox can do to become smaller. */
export interface Shrinking {
  /** Removes what the hub has acknowledged. */
  settle(): void;
  /** Drops at least so many bytes of the oldest of a priority; false: there is nothing that may go. */
  drop(priority: Priority, bytes: number): boolean;
}

/**
 * Keeps the outbox within its share of the disk. Beyond it the oldest telemetry goes first, then verdicts; what is
 * left may not go, and the box is full until the hub has taken a twentieth. While the disk is nearly full, whoever
 * fills it, the file does not grow for what may be dropped.
 */
export class Budget {
  readonly #maxBytes: number;
  readonly #reserve: Reserve | undefined;
  readonly #pages;
  readonly #free;
  #usedBytes = 0;
  #fileBytes = 0;
  #grownTo: number | undefined;
  #full = false;

  constructor(store: Store, maxBytes: number, reserve: Reserve | undefined) {
    this.#maxBytes = maxBytes;
    this.#reserve = reserve;
    this.#pages = store.prepare('PRAGMA page_count').pluck();
    this.#free = store.prepare('PRAGMA freelist_count').pluck();
  }

  /** Bytes of pages in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Nothing more may be dropped and the budget is used up. */
  get full(): boolean {
    return this.#full;
  }

  measure(): void {
    this.#fileBytes = Number(this.#pages.get()) * pageBytes;
    this.#usedBytes = this.#fileBytes - Number(this.#free.get()) * pageBytes;
  }

  #limit(): number {
    this.#reserve?.look();
    this.#grownTo = this.#reserve?.low ? (this.#grownTo ?? this.#fileBytes) : undefined;
    return Math.min(this.#maxBytes, this.#grownTo ?? this.#maxBytes);
  }

  keep(outbox: Shrinking): void {
    this.measure();
    const limit = this.#limit();
    if (this.#usedBytes > limit) {
      outbox.settle();
      this.measure();
    }
    for (const priority of ['telemetry', 'verdict'] as const) {
      while (this.#usedBytes > limit) {
        if (!outbox.drop(priority, this.#usedBytes - limit + limit * dropShare)) break;
        this.measure();
      }
    }
    const most = this.#full ? this.#maxBytes * resumeShare : this.#maxBytes;
    this.#full = this.#usedBytes > most;
  }
}
