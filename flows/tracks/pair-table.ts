/** Whole numbers of a pair, by their place in its row. */
export const of = {
  /** Numbers of the vehicles; the name of `a` comes first. */
  a: 0,
  b: 1,
  /** First and last snapshot together. */
  from: 2,
  last: 3,
  /** What they do: one of `doings`. */
  doing: 4,
  run: 5,
  /** Snapshots together that count. */
  together: 6,
  /** So many cells of `a` are judged. */
  judged: 7,
  choices: 8,
  looks: 9,
  found: 10,
  /** Something of it has to be written. */
  changed: 11,
} as const;
type Field = (typeof of)[keyof typeof of];

const ints = 12;
/** Of the score, nats, and of distances, metres. */
const sums = 2;

/**
 * Pairs as rows of two arrays, with a hash of both numbers to find them by: hundreds of thousands begin and end in a
 * minute, and as objects they would be the collector's.
 */
export class PairTable {
  count = 0;
  #ints = new Int32Array(ints * 1024);
  #sums = new Float64Array(sums * 1024);
  /** Row + 1; 0: free. Twice as long as there is room for rows, at least. */
  #slots = new Int32Array(2048);

  at(row: number, field: Field): number {
    return this.#ints[row * ints + field] as number;
  }

  put(row: number, field: Field, value: number): void {
    this.#ints[row * ints + field] = value;
  }

  add(row: number, field: Field, value: number): void {
    this.put(row, field, this.at(row, field) + value);
  }

  score(row: number): number {
    return this.#sums[row * sums] as number;
  }

  metres(row: number): number {
    return this.#sums[row * sums + 1] as number;
  }

  addSums(row: number, nats: number, metres: number): void {
    this.#sums[row * sums] = this.score(row) + nats;
    this.#sums[row * sums + 1] = this.metres(row) + metres;
  }

  #hash(one: number, other: number): number {
    const [low, high] = one < other ? [one, other] : [other, one];
    const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  /** Row of a pair, whichever comes first; -1: there is none. */
  find(one: number, other: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(one, other); ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0) return -1;
      const [a, b] = [this.at(row, of.a), this.at(row, of.b)];
      if ((a === one && b === other) || (a === other && b === one)) return row;
    }
  }

  /** A new row, all zero but for its pair. */
  insert(a: number, b: number): number {
    const row = this.count++;
    if (this.count * ints > this.#ints.length) this.#grow();
    this.#ints.fill(0, row * ints, (row + 1) * ints);
    this.#sums.fill(0, row * sums, (row + 1) * sums);
    this.put(row, of.a, a);
    this.put(row, of.b, b);
    this.#index(row);
    return row;
  }

  #index(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.at(row, of.a), this.at(row, of.b));
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  #grow(): void {
    const [wider, longer] = [new Int32Array(2 * this.#ints.length), new Float64Array(2 * this.#sums.length)];
    wider.set(this.#ints);
    longer.set(this.#sums);
    [this.#ints, this.#sums, this.#slots] = [wider, longer, new Int32Array(2 * this.#slots.length)];
    for (let row = 0; row < this.count - 1; row++) this.#index(row);
  }

  /** Drops the rows that are not to be kept; the others move up in their order. */
  retain(keep: (row: number) => boolean): void {
    let kept = 0;
    for (let row = 0; row < this.count; row++) {
      if (!keep(row)) continue;
      if (kept !== row) {
        this.#ints.copyWithin(kept * ints, row * ints, (row + 1) * ints);
        this.#sums.copyWithin(kept * sums, row * sums, (row + 1) * sums);
      }
      kept += 1;
    }
    if (kept === this.count) return;
    this.count = kept;
    this.#slots.fill(0);
    for (let row = 0; row < kept; row++) this.#index(row);
  }
}
