import type { Attenuation, Composition } from './attenuation.ts';

/** Rest energy of the electron, MeV. */
const restMev = 0.510999;
const tungsten = 74;
const filters: readonly { readonly composition: Composition; readonly gCm2: number }[] = [
  { composition: { W: 1 }, gCm2: 0.4 * 19.3 },
  { composition: { Cu: 1 }, gCm2: 0.3 * 8.96 },
];
const cdwo4: Composition = { Cd: 0.312, W: 0.5103, O: 0.1777 };
/** 25 mm of CdWO4 (7.9 g/cm3). */
const detectorGCm2 = 2.5 * 7.9;

/**
 * Bremsstrahlung of an electron of kinetic energy `electronMev` in tungsten, photons per energy, integrated over
 * angle: L. I. Schiff, Phys. Rev. 83 (1951) 252.
 */
function schiff(electronMev: number, photonMev: number): number {
  const before = (electronMev + restMev) / restMev;
  const photon = photonMev / restMev;
  const after = before - photon;
  if (after <= 1) return 0;
  const z3 = tungsten ** (1 / 3) / 111;
  const b = (2 * before * after * z3) / photon;
  const m = 1 / ((photon / (2 * before * after)) ** 2 + z3 ** 2);
  const r = after / before;
  const first = (1 + r * r - (2 / 3) * r) * (Math.log(m) + 1 - (2 / b) * Math.atan(b));
  const second =
    r *
    ((2 / b ** 2) * Math.log(1 + b * b) +
      ((4 * (2 - b * b)) / (3 * b ** 3)) * Math.atan(b) -
      8 / (3 * b * b) +
      2 / 9);
  return Math.max(0, first + second) / photon;
}

/** Mean share of its energy that a photon leaves in a Compton scattering (Klein and Nishina). */
function comptonShare(energyMev: number): number {
  const a = energyMev / restMev;
  const log = Math.log(1 + 2 * a);
  const total =
    2 *
    Math.PI *
    (((1 + a) / a ** 2) * ((2 * (1 + a)) / (1 + 2 * a) - log / a) +
      log / (2 * a) -
      (1 + 3 * a) / (1 + 2 * a) ** 2);
  const scattered =
    Math.PI *
    (log / a ** 3 +
      (2 * (1 + a) * (2 * a * a - 2 * a - 1)) / (a * a * (1 + 2 * a) ** 2) +
      (8 * a * a) / (3 * (1 + 2 * a) ** 3));
  return (total - scattered) / total;
}

/** A spectrum as the detector weighs it. */
export interface DetectedSpectrum {
  readonly energiesMev: Float64Array;
  /** Share of the signal in air by energy; sums to 1. */
  readonly weights: Float64Array;
  /** Mean energy of the signal, MeV. */
  readonly meanMev: number;
  /** Variance of the signal of one photon over its squared mean, plus 1: what compound Poisson noise is larger by. */
  readonly noiseFactor: number;
}

/**
 * What a linear accelerator of `megavolts` gives an energy-integrating detector of 25 mm CdWO4 behind 4 mm
 * of tungsten and 3 mm of copper: a thick target is the mean of thin ones over the energies that its electrons
 * run through, weighted by that energy.
 */
export function detectedSpectrum(attenuation: Attenuation, megavolts: number): DetectedSpectrum {
  const count = 400;
  const lowest = 0.06;
  const energiesMev = new Float64Array(count);
  const photons = new Float64Array(count);
  const deposits = new Float64Array(count);
  const slices = 80;
  for (let i = 0; i < count; i++) {
    const energy = lowest + ((megavolts * 0.999 - lowest) * i) / (count - 1);
    let sum = 0;
    for (let s = 0; s < slices; s++) {
      const electron = 0.05 + ((megavolts - 0.05) * s) / (slices - 1);
      if (electron > energy) sum += schiff(electron, energy) * electron;
    }
    for (const { composition, gCm2 } of filters)
      sum *= Math.exp(
        -attenuation.of(composition, energy, 'photoelectric') * gCm2 -
          attenuation.of(composition, energy, 'incoherent') * gCm2 -
          attenuation.of(composition, energy, 'pair') * gCm2,
      );
    const part = (process: 'photoelectric' | 'incoherent' | 'pair') => attenuation.of(cdwo4, energy, process);
    const pe = part('photoelectric');
    const inc = part('incoherent');
    const pair = part('pair');
    const total = pe + inc + pair;
    const absorbed = pe + inc * comptonShare(energy) + pair * Math.max(0, 1 - (2 * restMev) / energy);
    energiesMev[i] = energy;
    photons[i] = sum * (1 - Math.exp(-total * detectorGCm2));
    deposits[i] = (energy * absorbed) / total;
  }
  let detected = 0;
  let signal = 0;
  let square = 0;
  let mean = 0;
  for (let i = 0; i < count; i++) {
    const n = photons[i] as number;
    const d = deposits[i] as number;
    detected += n;
    signal += n * d;
    square += n * d * d;
    mean += n * d * (energiesMev[i] as number);
  }
  return {
    energiesMev,
    weights: photons.map((n, i) => (n * (deposits[i] as number)) / signal),
    meanMev: mean / signal,
    noiseFactor: (square * detected) / signal ** 2,
  };
}
