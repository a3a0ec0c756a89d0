import { Attenuation, type Composition } from './attenuation.ts';
import { fallOff } from './fall-off.ts';
import { leastSquares } from './least-squares.ts';
import { type MaterialId, materials } from './materials.ts';
import { gaussNodes } from './quadrature.ts';
import { type DetectedSpectrum, detectedSpectrum } from './spectra.ts';

/**
 * Mass attenuation of every material is written as a sum of these four: they span what Compton scattering,
 * pair production and the photoelectric effect do between 0.1 and 9 MeV.
 */
const basis: readonly Composition[] = [{ C: 1 }, { Al: 1 }, { Fe: 1 }, { Pb: 1 }];
export const basisSize = basis.length;

/** Energies at which a ray is followed, for each spectrum. */
const nodeCount = 9;

/** Transmission of one ray or of a line of them. */
export interface Transmission {
  readonly high: Float32Array;
  readonly low: Float32Array;
}

/** A line with what went through it. */
export interface TransmittedLine extends Transmission {
  readonly areal: Float32Array;
}

/** A spectrum as a few energies. */
interface Nodes {
  readonly energiesMev: Float64Array;
  readonly weights: Float64Array;
  /** Mass attenuation, cm2/g: [node * basisSize + basis]. */
  readonly mu: Float64Array;
}

/**
 * A dual-energy beam with its detector: areal densities to transmission. Areal densities of a line are kept
 * by basis: `areal[k * n + i]` is g/cm2 of basis k on the ray to detector i.
 */
export class Beam {
  readonly high: DetectedSpectrum;
  readonly low: DetectedSpectrum;
  readonly #attenuation = new Attenuation();
  readonly #highNodes: Nodes;
  readonly #lowNodes: Nodes;
  readonly #coefficients = new Map<MaterialId, Float64Array>();

  constructor(highMv: number, lowMv: number) {
    this.high = detectedSpectrum(this.#attenuation, highMv);
    this.low = detectedSpectrum(this.#attenuation, lowMv);
    this.#highNodes = this.#nodesOf(this.high);
    this.#lowNodes = this.#nodesOf(this.low);
  }

  /** g/cm2 of each basis that one g/cm2 of a material is worth. */
  basisOf(id: MaterialId): Float64Array {
    const known = this.#coefficients.get(id);
    if (known) return known;
    const fitted = this.#fit(materials[id].composition);
    this.#coefficients.set(id, fitted);
    return fitted;
  }

  /**
   * Noise-free transmission of `n` rays into `into`. What a ray of `before` has met already is taken from there: along
   * a wall or a carton most are the same as in the line before.
   */
  transmit(areal: Float32Array, n: number, into: Transmission, before?: TransmittedLine): void {
    for (let i = 0; i < n; i++) {
      const a = areal[i] as number;
      const b = areal[n + i] as number;
      const c = areal[2 * n + i] as number;
      const d = areal[3 * n + i] as number;
      if (a === 0 && b === 0 && c === 0 && d === 0) {
        into.high[i] = 1;
        into.low[i] = 1;
      } else if (
        before &&
        a === before.areal[i] &&
        b === before.areal[n + i] &&
        c === before.areal[2 * n + i] &&
        d === before.areal[3 * n + i]
      ) {
        into.high[i] = before.high[i] as number;
        into.low[i] = before.low[i] as number;
      } else {
        into.high[i] = through(this.#highNodes, a, b, c, d);
        into.low[i] = through(this.#lowNodes, a, b, c, d);
      }
    }
  }

  /** Transmission of `gCm2` of one material over the whole spectrum: the reference of the fast way. */
  exact(composition: Composition, gCm2: number): { readonly high: number; readonly low: number } {
    const through = ({ weights, energiesMev }: DetectedSpectrum) =>
      weights.reduce(
        (sum, weight, i) =>
          sum + weight * Math.exp(-gCm2 * this.#attenuation.of(composition, energiesMev[i] as number)),
        0,
      );
    return { high: through(this.high), low: through(this.low) };
  }

  /** Over the logarithm of the energy, in which attenuation is smooth. */
  #nodesOf(spectrum: DetectedSpectrum): Nodes {
    const { nodes, weights } = gaussNodes(spectrum.energiesMev.map(Math.log), spectrum.weights, nodeCount);
    const energiesMev = nodes.map(Math.exp);
    const mu = Float64Array.from(
      [...energiesMev].flatMap((energy) => basis.map((of) => this.#attenuation.of(of, energy))),
    );
    return { energiesMev, weights, mu };
  }

  /** Least squares of the relative error over both spectra. */
  #fit(composition: Composition): Float64Array {
    const rows: Float64Array[] = [];
    const right: number[] = [];
    const shares: number[] = [];
    for (const { energiesMev, weights, mu } of [this.#highNodes, this.#lowNodes])
      energiesMev.forEach((energy, i) => {
        const target = this.#attenuation.of(composition, energy);
        rows.push(mu.slice(i * basisSize, (i + 1) * basisSize).map((value) => value / target));
        right.push(1);
        shares.push(weights[i] as number);
      });
    return leastSquares(rows, Float64Array.from(right), Float64Array.from(shares));
  }
}

function through({ mu, weights }: Nodes, a: number, b: number, c: number, d: number): number {
  let sum = 0;
  for (let node = 0, at = 0; node < nodeCount; node++, at += basisSize)
    sum +=
      (weights[node] as number) *
      fallOff(
        a * (mu[at] as number) +
          b * (mu[at + 1] as number) +
          c * (mu[at + 2] as number) +
          d * (mu[at + 3] as number),
      );
  return sum;
}
