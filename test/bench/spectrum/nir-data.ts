import { type Matrix, matrix } from '#models/chemometrics/matrix';
import { Random } from '#models/physics/xray/random';

export const nirPoints = 512;
export const oxides = 8;
export const nirComponents = 12;

/** Spectra of drawn bands whose heights are a composition, with scatter and noise; made up, for speed alone. */
export function nirSamples(count: number): { readonly spectra: Matrix; readonly values: Matrix } {
  const random = new Random(20260907);
  const bands = Array.from({ length: oxides }, () => ({
    at: random.between(20, nirPoints - 20),
    width: random.between(12, 60),
  }));
  const spectra = matrix(count, nirPoints);
  const values = matrix(count, oxides);
  for (let row = 0; row < count; row++) {
    const heights = bands.map(() => random.next());
    const [gain, offset] = [random.between(0.9, 1.1), random.between(-0.05, 0.05)];
    for (const [k, height] of heights.entries())
      values.data[row * oxides + k] = 10 * height + 0.05 * random.normal();
    for (let i = 0; i < nirPoints; i++) {
      let sum = 0.3;
      for (const [k, { at, width }] of bands.entries())
        sum += (heights[k] as number) * Math.exp(-(((i - at) / width) ** 2));
      spectra.data[row * nirPoints + i] = gain * sum + offset + 0.002 * random.normal();
    }
  }
  return { spectra, values };
}
