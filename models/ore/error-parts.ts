/** Parts of the variance of a calibration's errors within lots. */
export interface ErrorParts {
  /** Of each window by itself, and what resembles its neighbours'. */
  readonly own: number;
  readonly along: number;
}

/** Tonnes after which errors along the belt have forgotten what they were: they follow the ore (physics/ore/cargo.ts). */
const memoryT = 150;

/** Share of the variance along the belt that is left in the mean of so many tonnes, with a correlation that falls exponentially. */
export function meanAlong(tonnes: number): number {
  const x = tonnes / memoryT;
  return x < 1e-6 ? 1 : (2 * (x - 1 + Math.exp(-x))) / (x * x);
}

/**
 * Variances of errors of windows that lie `stepT` apart, by the variogram: half the mean squared difference of two windows is own + along (1 - exp(-distance / memory)), fitted
 * by least squares, each distance with as much weight as it has pairs.
 */
export function errorParts(lots: readonly (readonly number[])[], stepT: number): ErrorParts {
  let [n, sx, sxx, sy, sxy] = [0, 0, 0, 0, 0];
  const longest = Math.max(...lots.map(({ length }) => length));
  for (let lag = 1; lag < longest; lag++) {
    const rise = 1 - Math.exp((-lag * stepT) / memoryT);
    for (const errors of lots)
      for (let i = 0; i + lag < errors.length; i++) {
        const half = ((errors[i + lag] as number) - (errors[i] as number)) ** 2 / 2;
        n += 1;
        sx += rise;
        sxx += rise * rise;
        sy += half;
        sxy += rise * half;
      }
  }
  const along = Math.max(0, (n * sxy - sx * sy) / (n * sxx - sx * sx));
  return { own: Math.max(0, (sy - along * sx) / n), along };
}
