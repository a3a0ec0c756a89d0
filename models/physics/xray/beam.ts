import { Attenuation, type Composition } from './attenuation.ts';
import { type MaterialId, materials } from './materials.ts';
import { type DetectedSpectrum, detectedSpectrum } from './spectra.ts';

/**
 * Mass attenuation of every material is written as a sum of these four: they span what Compton scattering,
 * pair production and the photoelectric effect do between 0.1 and 9 MeV.
 */
const basis: readonly Composition[] = [{ C: 1 }, { Al: 1 }, { Fe: 1 }, { Pb: 1 }];
export const basisSize = basis.length;

/** Energies at which a ray is followed. */
const binCount = 32;

/** Transmission of one ray or of a line of them. */
export interface Transmission {
  readonly high: Float32Array;
  readonly low: Float32Array;
}

/**
 * A dual-energy beam with its detector: areal densities to transmission. Areal densities of a line are kept
 * by basis: `areal[k * n + i]` is g/cm2 of basis k on the ray to detector i.
 */
export class Beam {
  readonly highMv: number;
  readonly lowMv: number;
  readonly high: DetectedSpectrum;
  readonly low: DetectedSpectrum;
  readonly #attenuation: Attenuation;
  readonly #bins: {
    readonly high: Float64Array;
    readonly low: Float64Array;
    /** Minus the attenuation of each basis, [basis][bin]. */
    readonly mu: readonly Float64Array[];
  };
  readonly #coefficients = new Map<MaterialId, Float64Array>();

  constructor(highMv: number, lowMv: number) {
    this.highMv = highMv;
    this.lowMv = lowMv;
    this.#attenuation = new Attenuation();
    this.high = detectedSpectrum(this.#attenuation, highMv);
    this.low = detectedSpectrum(this.#attenuation, lowMv);
    this.#bins = this.#makeBins();
  }

  /** g/cm2 of each basis that one g/cm2 of a material is worth. */
  basisOf(id: MaterialId): Float64Array {
    const known = this.#coefficients.get(id);
    if (known) return known;
    const fitted = this.#fit(materials[id].composition);
    this.#coefficients.set(id, fitted);
    return fitted;
  }

  /** Mass attenuation of a composition at an energy, cm2/g. */
  massAttenuation(composition: Composition, energyMev: number): number {
    return this.#attenuation.of(composition, energyMev);
  }

  /** Noise-free transmission of `n` rays into `into`. Thin rays, which are most, cost nothing but a comparison. */
  transmit(areal: Float32Array, n: number, into: Transmission): void {
    const { high, low, mu } = this.#bins;
    const [m0, m1, m2, m3] = mu as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < n; i++) {
      const a0 = areal[i] as number;
      const a1 = areal[n + i] as number;
      const a2 = areal[2 * n + i] as number;
      const a3 = areal[3 * n + i] as number;
      if (a0 === 0 && a1 === 0 && a2 === 0 && a3 === 0) {
        into.high[i] = 1;
        into.low[i] = 1;
        continue;
      }
      let sumHigh = 0;
      let sumLow = 0;
      for (let e = 0; e < binCount; e++) {
        const x = Math.exp(
          a0 * (m0[e] as number) + a1 * (m1[e] as number) + a2 * (m2[e] as number) + a3 * (m3[e] as number),
        );
        sumHigh += (high[e] as number) * x;
        sumLow += (low[e] as number) * x;
      }
      into.high[i] = sumHigh;
      into.low[i] = sumLow;
    }
  }

  /** Transmission of `gCm2` of one material over the whole spectrum: the reference of the fast way. */
  exact(composition: Composition, gCm2: number): { readonly high: number; readonly low: number } {
    const through = (spectrum: DetectedSpectrum) => {
      let sum = 0;
      for (let i = 0; i < spectrum.weights.length; i++)
        sum +=
          (spectrum.weights[i] as number) *
          Math.exp(-gCm2 * this.#attenuation.of(composition, spectrum.energiesMev[i] as number));
      return sum;
    };
    return { high: through(this.high), low: through(this.low) };
  }

  /** Bins of equal ratio; in each the attenuation at the mean energy of the signal that falls into it. */
  #makeBins() {
    const from = Math.log(0.06);
    const to = Math.log(Math.max(this.highMv, this.lowMv));
    const binOf = (energy: number) =>
      Math.min(binCount - 1, Math.max(0, Math.floor(((Math.log(energy) - from) / (to - from)) * binCount)));
    const gather = (spectrum: DetectedSpectrum) => {
      const weights = new Float64Array(binCount);
      const moments = new Float64Array(binCount);
      for (let i = 0; i < spectrum.weights.length; i++) {
        const energy = spectrum.energiesMev[i] as number;
        const bin = binOf(energy);
        weights[bin] = (weights[bin] as number) + (spectrum.weights[i] as number);
        moments[bin] = (moments[bin] as number) + (spectrum.weights[i] as number) * energy;
      }
      return { weights, moments };
    };
    const high = gather(this.high);
    const low = gather(this.low);
    const energies = Float64Array.from({ length: binCount }, (_, bin) => {
      const weight = (high.weights[bin] as number) + (low.weights[bin] as number);
      const moment = (high.moments[bin] as number) + (low.moments[bin] as number);
      return weight > 0 ? moment / weight : Math.exp(from + ((to - from) * (bin + 0.5)) / binCount);
    });
    const mu = basis.map((composition) =>
      energies.map((energy) => -this.#attenuation.of(composition, energy)),
    );
    return { high: high.weights, low: low.weights, mu };
  }

  /** Least squares over the spectrum, weighted by what both energies have of it. */
  #fit(composition: Composition): Float64Array {
    const { high, low, mu } = this.#bins;
    const from = Math.log(0.06);
    const to = Math.log(Math.max(this.highMv, this.lowMv));
    const size = basis.length;
    const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
    for (let e = 0; e < binCount; e++) {
      const weight = (high[e] as number) + (low[e] as number);
      if (weight <= 0) continue;
      const energy = this.#energyOf(e, from, to);
      const target = -this.#attenuation.of(composition, energy);
      const scale = weight / target ** 2;
      for (let j = 0; j < size; j++) {
        const row = matrix[j] as Float64Array;
        for (let k = 0; k < size; k++)
          row[k] =
            (row[k] as number) +
            scale * ((mu[j] as Float64Array)[e] as number) * ((mu[k] as Float64Array)[e] as number);
        row[size] = (row[size] as number) + scale * ((mu[j] as Float64Array)[e] as number) * target;
      }
    }
    return solve(matrix);
  }

  /** The energy at which a bin's attenuation was taken: that at which carbon has it. */
  #energyOf(bin: number, from: number, to: number): number {
    const wanted = -((this.#bins.mu[0] as Float64Array)[bin] as number);
    let low = from;
    let high = to;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (this.#attenuation.of(basis[0] as Composition, Math.exp(middle)) > wanted) low = middle;
      else high = middle;
    }
    return Math.exp((low + high) / 2);
  }
}

/** Gauss with pivots; the matrix carries its right side and is changed. */
function solve(matrix: Float64Array[]): Float64Array {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]?.[column] ?? 0) > Math.abs(matrix[pivot]?.[column] ?? 0)) pivot = row;
    const swapped = matrix[pivot] as Float64Array;
    matrix[pivot] = matrix[column] as Float64Array;
    matrix[column] = swapped;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const target = matrix[row] as Float64Array;
      const factor = (target[column] as number) / (swapped[column] as number);
      for (let k = column; k <= size; k++)
        target[k] = (target[k] as number) - factor * (swapped[k] as number);
    }
  }
  return Float64Array.from({ length: size }, (_, i) => (matrix[i]?.[size] ?? 0) / (matrix[i]?.[i] ?? 1));
}
