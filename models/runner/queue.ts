/** What waits for a worker. `key` says what can be joined: samples of equal shape. Times are milliseconds of one clock. */
export interface Waiting {
  readonly key: string;
  readonly deadline: number;
  /** Must not be joined with others: it was in a batch that failed. */
  readonly alone: boolean;
}

/** A bounded queue with deadlines that gives batches: oldest first, and with it what has the same shape. */
export class BatchQueue<T extends Waiting> {
  readonly #capacity: number;
  #items: T[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  /** False when it is full. */
  push(item: T): boolean {
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /** Puts back what was taken, in front; the bound does not hold here, as it was in the queue before. */
  putBack(items: readonly T[]): void {
    this.#items.unshift(...items);
  }

  /** Takes out what is due: its answer would come too late. */
  expire(now: number): T[] {
    const late = this.#items.filter(({ deadline }) => deadline <= now);
    if (late.length > 0) this.#items = this.#items.filter(({ deadline }) => deadline > now);
    return late;
  }

  /** Up to `max` items of the shape of the oldest, in order of entry; what is `alone` stays alone. */
  take(max: number): T[] {
    const [head] = this.#items;
    if (!head) return [];
    const joins = (item: T) => item === head || (!head.alone && !item.alone && item.key === head.key);
    const batch: T[] = [];
    this.#items = this.#items.filter((item) => {
      if (batch.length >= max || !joins(item)) return true;
      batch.push(item);
      return false;
    });
    return batch;
  }

  remove(item: T): boolean {
    const before = this.#items.length;
    this.#items = this.#items.filter((other) => other !== item);
    return this.#items.length < before;
  }

  /** When the next of them is late; undefined when none waits. */
  nextDeadline(): number | undefined {
    if (this.#items.length === 0) return undefined;
    return this.#items.reduce((first, { deadline }) => Math.min(first, deadline), Number.POSITIVE_INFINITY);
  }

  clear(): T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
