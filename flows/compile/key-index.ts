/** Fewest places of the table; a power of two. */
const firstPlaces = 16;

/**
 * A number for every key, small and dense, so that what is known of a key can lie in plain lists: with a hundred thousand
 * devices what costs is how often memory is waited for, and a Map of objects waits thrice as often. Numbers of keys that
 * were removed are given again.
 */
export class KeyIndex {
  /** Hash and number + 1 of a key, side by side; 0 is free. Half of the places are used at most. */
  #table = new Int32Array(2 * firstPlaces);
  #used = 0;
  readonly #keys: (string | undefined)[] = [];
  readonly #free: number[] = [];
  /** Devices name themselves: who does not know it cannot make their names fall together. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000) | 0;

  keyOf(number: number): string | undefined {
    return this.#keys[number];
  }

  /** -1 for one that has none. */
  numberOf(key: string): number {
    return (this.#table[this.#placeOf(key, this.#hash(key)) + 1] as number) - 1;
  }

  add(key: string): number {
    const hash = this.#hash(key);
    let place = this.#placeOf(key, hash);
    const known = this.#table[place + 1] as number;
    if (known !== 0) return known - 1;
    if (4 * this.#used >= this.#table.length) {
      this.#grow();
      place = this.#placeOf(key, hash);
    }
    const number = this.#free.pop() ?? this.#keys.length;
    this.#keys[number] = key;
    this.#table[place] = hash;
    this.#table[place + 1] = number + 1;
    this.#used += 1;
    return number;
  }

  remove(key: string): void {
    const table = this.#table;
    const mask = table.length - 1;
    let gap = this.#placeOf(key, this.#hash(key));
    const number = (table[gap + 1] as number) - 1;
    if (number < 0) return;
    this.#keys[number] = undefined;
    this.#free.push(number);
    this.#used -= 1;
    // those that were put farther on because of it move up, so that a search may end at a free place
    for (let at = (gap + 2) & mask; table[at + 1] !== 0; at = (at + 2) & mask) {
      const home = (2 * (table[at] as number)) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      table[gap] = table[at] as number;
      table[gap + 1] = table[at + 1] as number;
      gap = at;
    }
    table[gap + 1] = 0;
  }

  /** Most keys that are side by side, which a search may have to pass. */
  longestSearch(): number {
    let longest = 0;
    for (let at = 1, run = 0; at < this.#table.length; at += 2) {
      run = this.#table[at] === 0 ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** Where a key is, or the free place that it would have. */
  #placeOf(key: string, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let at = (2 * hash) & mask;
    for (;;) {
      const number = table[at + 1] as number;
      if (number === 0 || (table[at] === hash && this.#keys[number - 1] === key)) return at;
      at = (at + 2) & mask;
    }
  }

  #grow(): void {
    const old = this.#table;
    const table = new Int32Array(2 * old.length);
    const mask = table.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let at = (2 * (old[from] as number)) & mask;
      while (table[at + 1] !== 0) at = (at + 2) & mask;
      table[at] = old[from] as number;
      table[at + 1] = old[from + 1] as number;
    }
    this.#table = table;
  }

  /**
   * Two code units at a time, in two ways: what falls together in one whatever the seed, as the highest bit does in a
   * product, does not in the other.
   */
  #hash(key: string): number {
    let a = this.#seed;
    let b = ~this.#seed;
    for (let i = 0; i < key.length; i += 2) {
      const one = key.charCodeAt(i);
      const two = i + 1 < key.length ? key.charCodeAt(i + 1) : 0;
      a = Math.imul(a ^ (one | (two << 16)), 0xcc9e2d51);
      b = Math.imul(b ^ (two | (one << 16)), 0x1b873593);
      a ^= a >>> 15;
      b ^= b >>> 13;
    }
    const hash = Math.imul(a ^ key.length, 0x85ebca6b) ^ b;
    return hash ^ (hash >>> 16);
  }
}
