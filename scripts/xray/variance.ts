import { readingsPerPixel } from '#models/physics/xray/defects';
import type { Simulator } from '#models/physics/xray/simulate';
import { valuesIn } from './patches.ts';
import { measure, patchAt, plate } from './phantom.ts';

/** Variance of single pixels against their mean behind more and more steel, and what the photons say it has to be. */
export function meanVariance(simulator: Simulator, plates: readonly number[]) {
  const { scanner, beam } = simulator;
  const { elements, pulses } = readingsPerPixel(scanner, scanner.pixelMm);
  const readings = elements * pulses;
  const expected = (mean: number) =>
    (mean * beam.high.noiseFactor) / (scanner.photonsHigh * readings) +
    (scanner.noiseAdu / scanner.airAdu) ** 2 / readings;
  const points = plates.map((mm) => {
    const scan = measure(simulator, mm > 0 ? [plate(mm)] : [], 1);
    const values = valuesIn(scan, 'high', patchAt(0, 1000, 500));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mm, mean, variance: pixelVariance(values, 100) };
  });
  return { points, expected };
}

/** Over blocks of two by two: what rows or columns have in common is not noise of a pixel. */
function pixelVariance(values: readonly number[], rows: number): number {
  let sum = 0;
  let count = 0;
  const at = (column: number, row: number) => values[column * rows + row] ?? 0;
  for (let column = 0; (column + 2) * rows <= values.length; column += 2)
    for (let row = 0; row + 1 < rows; row += 2) {
      const mixed = at(column, row) - at(column + 1, row) - at(column, row + 1) + at(column + 1, row + 1);
      sum += mixed ** 2 / 4;
      count++;
    }
  return sum / count;
}
