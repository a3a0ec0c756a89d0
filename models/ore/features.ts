import { type XrfAreas, xrfElements } from './xrf-reader.ts';

/** NIR axis of the models: nm. */
export const nirAxis = { startNm: 400, stepNm: 10, points: 205 } as const;
/** Points of a spectrum that make one feature. */
const binPoints = 5;
const bins = nirAxis.points / binPoints;
/** Bands but one, which the others settle, and the mean of all. */
export const nirFeatures = bins;

/** log10 of 1/R below which a reflectance is not believed. */
const least = 1e-4;

/**
 * Features of a reflectance on `nirAxis`: absorbance less its own mean, by bands of 50 nm, and that mean. Gain and stand-off move the mean
 * alone; no feature was chosen by looking at a waste.
 */
export function nirFeaturesOf(reflectance: ArrayLike<number>, into: Float64Array, at: number): void {
  let mean = 0;
  let last = 0;
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0;
    for (let i = 0; i < binPoints; i++)
      sum -= Math.log10(Math.max(least, reflectance[bin * binPoints + i] as number));
    last = sum / binPoints;
    if (bin < bins - 1) into[at + bin] = last;
    mean += last / bins;
  }
  for (let bin = 0; bin < bins - 1; bin++) into[at + bin] = (into[at + bin] as number) - mean;
  into[at + bins - 1] = mean;
}

/**
 * How much the bands of a spectrum differ, root mean square of log10 of 1/R: 0.09 for magnetite, the darkest and flattest of the
 * brands, 0.1 to 0.3 for others. What covers the window, and a lamp that is out, have next to none.
 */
export function reliefOf(features: ArrayLike<number>): number {
  const bands = Array.from({ length: bins - 1 }, (_, bin) => features[bin] as number);
  // All bands together are their mean: the last is what the others lack.
  const last = -bands.reduce((sum, one) => sum + one, 0);
  return Math.sqrt([...bands, last].reduce((sum, one) => sum + one * one, 0) / bins);
}

/** Areas for each thousand scattered photons at which a feature of an element turns from linear to logarithmic: about its noise in three seconds. */
const turn: Readonly<Record<string, number>> = {
  K: 0.1,
  Ca: 0.4,
  Ti: 0.6,
  V: 0.3,
  Cr: 0.4,
  Mn: 1,
  Fe: 100,
  Ni: 0.2,
  Cu: 0.3,
  Zn: 0.4,
  As: 0.6,
  Pb: 1.5,
  Sr: 1.5,
  Zr: 1.5,
};
export const xrfFeatures = xrfElements.length + 1;
/** Features of both spectrometers together: near-infrared first. */
export const spectralFeatures = nirFeatures + xrfFeatures;

/** Features of the areas: each beside the scattered tube radiation, which knows of gap and matrix; and Compton beside elastic. */
export function xrfFeaturesOf({ areas, compton, elastic }: XrfAreas, into: Float64Array, at: number): void {
  const scattered = Math.max(1, compton + elastic) / 1000;
  for (let k = 0; k < xrfElements.length; k++)
    into[at + k] = Math.asinh((areas[k] as number) / scattered / (turn[xrfElements[k] as string] ?? 1));
  into[at + xrfElements.length] = Math.log((compton + 1) / (elastic + 1));
}
