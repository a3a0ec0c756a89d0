import type { Random } from './random.ts';

const tableSize = 1 << 16;

/** Normal numbers by the million: drawn once, then picked at random. */
export class Noise {
  readonly #table = new Float32Array(tableSize);
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    for (let i = 0; i < tableSize; i++) this.#table[i] = random.normal();
  }

  normal(): number {
    return this.#table[this.random.bits() & (tableSize - 1)] as number;
  }

  /**
   * A measured signal whose mean is `share` of what `photons` give: as many photons as chance sends, each leaving an
   * amount that itself varies (`factor` is 1 plus its relative variance), read with the noise `electronic`.
   */
  reading(share: number, photons: number, factor: number, electronic: number): number {
    const mean = share * photons;
    if (mean > 40)
      return (
        share + Math.sqrt((mean * factor) / (photons * photons) + electronic * electronic) * this.normal()
      );
    const count = this.random.poisson(mean);
    const signal = Math.max(0, count + Math.sqrt(count * (factor - 1)) * this.normal());
    return signal / photons + electronic * this.normal();
  }
}
