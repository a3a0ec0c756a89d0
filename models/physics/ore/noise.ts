import { normalQuantile } from '../../chemometrics/distributions.ts';
import type { Random } from '../xray/random.ts';

const steps = 1 << 14;
const mask = steps - 1;

/** Quantiles of the standard normal at the middles of 16,384 equal shares: nothing beyond 4 deviations. */
function makeQuantiles(): Float64Array {
  const found = new Float64Array(steps);
  for (let i = 0; i < steps / 2; i++) {
    const value = normalQuantile((i + 0.5) / steps);
    found[i] = value;
    found[steps - 1 - i] = -value;
  }
  return found;
}

/** Made once: it costs as much as a hundred windows, and every lot has noise. */
const quantiles: Readonly<Float64Array> = makeQuantiles();

/** Noise of many channels, faster than drawn one by one: normal numbers come from a table. */
export class ChannelNoise {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  normal(): number {
    return quantiles[this.#random.bits() & mask] as number;
  }

  /** Poisson; above 5 by Cornish and Fisher's first term, which keeps the skewness. */
  poisson(mean: number): number {
    if (mean <= 5) return this.#random.poisson(mean);
    const z = this.normal();
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  }
}
