import { BandedFit, type Prior } from './banded-fit.ts';
import { Snip } from './snip.ts';
import type { Template } from './template.ts';

export interface XrfEngineOptions {
  readonly channels: number;
  /** In order of energy. */
  readonly templates: readonly Template[];
  /** Half widths of the baseline's clipping, channels, from wide to narrow. */
  readonly clipping: Int32Array;
}

/**
 * Peak areas of a stream of spectra of one instrument: baseline, weights, and a banded least-squares fit in which no line
 * is negative. All memory is made once.
 */
export class XrfEngine {
  readonly #fit: BandedFit;
  readonly #snip: Snip;
  readonly baseline: Float64Array;
  readonly #net: Float64Array;
  readonly #weights: Float64Array;

  constructor({ channels, templates, clipping }: XrfEngineOptions) {
    this.#fit = new BandedFit(templates);
    this.#snip = new Snip(channels, clipping);
    this.baseline = new Float64Array(channels);
    this.#net = new Float64Array(channels);
    this.#weights = new Float64Array(channels);
  }

  /** Counts of each template in the spectrum analysed last. */
  get areas(): Float64Array {
    return this.#fit.areas;
  }

  /** Their variances, of counting alone. */
  get variances(): Float64Array {
    return this.#fit.variances;
  }

  /** False when the templates cannot be told apart; `areas` are then not to be used. */
  analyse(counts: Float64Array, prior?: Prior): boolean {
    this.#snip.apply(counts, this.baseline);
    countWeights(counts, this.#weights);
    const net = this.#net;
    for (let i = 0; i < net.length; i++) net[i] = (counts[i] as number) - (this.baseline[i] as number);
    return this.#fit.fit(net, this.#weights, prior);
  }
}

/** Inverse variance of each channel, of counts smoothed by 1, 2, 1: of the counts themselves it would favour low ones. */
export function countWeights(counts: Float64Array, weights: Float64Array): void {
  const last = counts.length - 1;
  for (let i = 0; i <= last; i++) {
    const before = counts[i > 0 ? i - 1 : 0] as number;
    const after = counts[i < last ? i + 1 : last] as number;
    weights[i] = 4 / (before + 2 * (counts[i] as number) + after + 4);
  }
}
