/** One step of splitmix32: spreads a seed over 32 bits. */
function spread(seed: number): number {
  let z = (seed + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/** Random numbers that are the same for the same seed and stream: sfc32 (Chris Doty-Humphrey, PractRand). */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  /** `stream` separates uses of one seed, so that one more number here changes nothing there. */
  constructor(seed: number, stream = 0) {
    // Seeds above 32 bits keep all of their bits.
    this.#a = spread(Math.floor(seed) | 0);
    this.#b = spread((Math.floor(seed / 2 ** 32) | 0) ^ 0x5bd1e995);
    this.#c = spread(stream ^ this.#a);
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0..1, 1 excluded. */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Equally often in every octave. */
  logBetween(low: number, high: number): number {
    return low * (high / low) ** this.next();
  }

  /** Whole numbers, both ends included. */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('There is nothing to pick from.');
    return from[Math.floor(from.length * this.next())] as T;
  }

  /** Standard normal: the sum of twelve would lack tails, Box and Muller's has them. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Poisson; above 60 the normal distribution that it then is. */
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }
}
