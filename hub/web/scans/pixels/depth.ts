/**
 * Optical depth, -ln T, is the scale of everything that looks at a scan: equal steps of it are equal steps of
 * mass in the ray, from air (0) to what nothing comes through (about 10).
 */
export const maxDepth = 10;

/** A sample of nought is not infinitely dense: it is below half a step of the converter. */
const leastSample = 0.5;

export const depthOf = (sample: number, airLevel: number): number =>
  -Math.log(Math.max(sample, leastSample) / airLevel);

export const transmissionOf = (depth: number): number => Math.exp(-depth);

/** Depth of every 16-bit sample. */
export function depthTable(airLevel: number): Float32Array {
  const table = new Float32Array(65_536);
  for (let sample = 0; sample < table.length; sample++) table[sample] = depthOf(sample, airLevel);
  return table;
}

/** Percent with as many digits as tell something: `37 %`, `0.25 %`, `0.0012 %`. */
export function percent(transmission: number): string {
  const value = transmission * 100;
  if (value >= 10) return `${value.toFixed(1)} %`;
  return `${Number(value.toPrecision(2))} %`;
}
