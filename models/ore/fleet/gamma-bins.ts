import { gammaWindows } from '#flows/ore/gamma-windows';

/**
 * Neighbouring channels that lie in the same energy windows, as one bin each: a sum of Poisson counts is itself Poisson, so a spectrum drawn bin by bin has
 * the counts of all and of every window just as likely as one of all its channels, by a fortieth of the draws.
 */
export class GammaBins {
  /** Energy of the first channel of each bin, keV. */
  readonly energies: readonly number[];
  readonly #from: readonly number[];
  readonly #channels: number;

  constructor(channels: number, startKeV: number, stepKeV: number) {
    const energyOf = (channel: number) => startKeV + stepKeV * channel;
    const placeOf = (channel: number) =>
      gammaWindows.findIndex(
        ({ fromKev, toKev }) => energyOf(channel) >= fromKev && energyOf(channel) < toKev,
      );
    const from: number[] = [];
    for (let channel = 0; channel < channels; channel++)
      if (channel === 0 || placeOf(channel) !== placeOf(channel - 1)) from.push(channel);
    this.#from = from;
    this.#channels = channels;
    this.energies = from.map(energyOf);
  }

  /** Sums of values by channel, by bin. */
  merged(values: Float64Array): Float64Array {
    return Float64Array.from(this.#from, (from, bin) =>
      values.subarray(from, this.#from[bin + 1] ?? this.#channels).reduce((sum, value) => sum + value, 0),
    );
  }
}
