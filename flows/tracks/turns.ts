/** Number of a neighbour by its offset, counter-clockwise from the east, for `3 (dx + 1) + dy + 1`; 8 is none of them. */
const neighbours = [5, 4, 3, 6, 8, 2, 7, 0, 1] as const;
const elsewhere = 8;
/** Ways on from a cell. */
const ways = 9;

/** How much is believed of few: so many pairs that all took the same way. */
const prior = 20;

/** A cell of the plane as one whole number. */
const span = 2 ** 24;
export const cellOf = (cx: number, cy: number): number => (cx + span / 2) * span + (cy + span / 2);

/** Which neighbour of `from` the cell `to` is. Division by a power of two is exact, and `%` of such numbers is slow. */
function direction(from: number, to: number): number {
  const [fromX, toX] = [Math.floor(from / span), Math.floor(to / span)];
  const dx = toX - fromX;
  const dy = to - toX * span - (from - fromX * span);
  const far = dx < -1 || dx > 1 || dy < -1 || dy > 1;
  return far ? elsewhere : (neighbours[3 * dx + dy + 4] as number);
}

/**
 * Where vehicles went on to, by the cell that they were in and the one before it. Keys are whole numbers beyond what a Map
 * keeps unboxed, so they are hashed here.
 */
export class Turns {
  #changed: number[] = [];
  #count = 0;
  /** Key; 0: free. Half of them at most are taken. */
  #keys = new Float64Array(1024);
  #counts = new Uint32Array(1024 * ways);
  /** Whether the key is among those that changed: then it is `#round`. */
  #marks = new Int32Array(1024);
  #round = 1;

  /** Keys whose counts changed since they were cleared. */
  get changed(): readonly number[] {
    return this.#changed;
  }

  clearChanged(): void {
    this.#changed = [];
    this.#round += 1;
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    const high = Math.floor(key / span);
    const mixed = Math.imul(key - high * span, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const known = this.#keys[slot] as number;
      if (known === key || known === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Slot of a key that is there from now on. */
  #take(key: number): number {
    const slot = this.#slotOf(key);
    if (this.#keys[slot] === key) return slot;
    if (2 * ++this.#count > this.#keys.length) {
      this.#grow();
      return this.#take(key);
    }
    this.#keys[slot] = key;
    return slot;
  }

  #grow(): void {
    const [keys, counts, marks] = [this.#keys, this.#counts, this.#marks];
    this.#marks = new Int32Array(2 * marks.length);
    this.#keys = new Float64Array(2 * keys.length);
    this.#counts = new Uint32Array(2 * counts.length);
    keys.forEach((key, i) => {
      if (key === 0) return;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#marks[slot] = marks[i] as number;
      this.#counts.set(counts.subarray(i * ways, (i + 1) * ways), slot * ways);
    });
  }

  /** How many went on to each neighbour; for a key of `changed`. */
  counts(key: number): number[] {
    const slot = this.#slotOf(key);
    return [...this.#counts.subarray(slot * ways, (slot + 1) * ways)];
  }

  restore(key: number, counts: readonly number[]): void {
    this.#counts.set(counts, this.#take(key) * ways);
  }

  /**
   * Counts that a vehicle went from `before` through `cell` on to `after`, and tells how unlikely two that have nothing to do
   * with each other would do the same, nats: by the share of equal pairs among those seen before it, and certain as long
   * as they were few.
   */
  take(before: number, cell: number, after: number): number {
    const key = cell * ways + direction(cell, before);
    const slot = this.#take(key);
    const first = slot * ways;
    let [sum, equal] = [0, 0];
    for (let way = 0; way < ways; way++) {
      const n = this.#counts[first + way] as number;
      sum += n;
      equal += n * (n - 1);
    }
    const way = first + direction(cell, after);
    this.#counts[way] = (this.#counts[way] as number) + 1;
    if (this.#marks[slot] !== this.#round) {
      this.#marks[slot] = this.#round;
      this.#changed.push(key);
    }
    return -Math.log((equal + prior) / (sum * (sum - 1) + prior));
  }
}
