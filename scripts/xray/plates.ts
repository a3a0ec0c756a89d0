import type { Simulator } from '#models/physics/xray/simulate';
import { box, cylinder } from '#models/physics/xray/solids';
import { type Patch, standsOut } from './patches.ts';
import { measure, middleMm, patchAt, plate, repetitions, solid } from './phantom.ts';

/** What stands out by this many standard deviations counts as seen. */
export const seenFrom = 3;

const besideX = [-500, -390, -280, 280, 390, 500];

/** How clearly a steel piece of 100 x 100 mm stands out behind a plate: the least of the repetitions. */
function clarityOf(simulator: Simulator, plateMm: number, pieceMm: number): number {
  const front = plateMm / 2;
  const piece = box([-50, 50], [front, front + pieceMm], [middleMm - 50, middleMm + 50]);
  const beside = besideX.map((x) => patchAt(x, 90, 90));
  const clarities = repetitions.map((seed) =>
    standsOut(measure(simulator, [plate(plateMm), solid(piece, 'steel')], seed), patchAt(0, 90, 90), beside),
  );
  return Math.min(...clarities);
}

/** Steel penetration: a piece of a fifth of the plate's thickness behind plates of more and more steel. */
export const penetration = (simulator: Simulator, plates: readonly number[]) =>
  plates.map((mm) => ({ mm, clarity: clarityOf(simulator, mm, mm / 5) }));

/** The least of `sizes`, in rising order, that is seen and with it all larger ones: luck with one does not count. */
function leastSeen(sizes: readonly number[], clarity: (size: number) => number): number | undefined {
  let least: number | undefined;
  for (const size of sizes.toReversed()) {
    if (clarity(size) < seenFrom) break;
    least = size;
  }
  return least;
}

/** Contrast sensitivity: the least added thickness, in percent of the plate, that is seen. */
export function contrast(simulator: Simulator, plates: readonly number[], percents: readonly number[]) {
  return plates.map((mm) => ({
    mm,
    percent: leastSeen(percents, (percent) => clarityOf(simulator, mm, (mm * percent) / 100)),
  }));
}

/** Wire detection: the thinnest steel wire of 300 mm that is seen in air or behind steel. */
export function wires(simulator: Simulator, plates: readonly number[], diameters: readonly number[]) {
  return plates.map((mm) => ({
    mm,
    upright: leastSeen(diameters, (diameter) => wireClarity(simulator, mm, diameter, true)),
    level: leastSeen(diameters, (diameter) => wireClarity(simulator, mm, diameter, false)),
  }));
}

function wireClarity(simulator: Simulator, plateMm: number, diameter: number, upright: boolean): number {
  const y = plateMm / 2 + diameter;
  const pixel = simulator.scanner.pixelMm;
  // In the middle of a pixel, so that none is favoured by where it falls.
  const [x, z] = [pixel / 2, middleMm + pixel / 2];
  const wire = upright
    ? cylinder([x, y, z - 150], [x, y, z + 150], diameter / 2)
    : cylinder([x - 150, y, z], [x + 150, y, z], diameter / 2);
  const solids = plateMm > 0 ? [plate(plateMm), solid(wire, 'steel')] : [solid(wire, 'steel')];
  const wide = Math.max(1, Math.round(diameter / pixel)) * pixel;
  const patch = (shift: number): Patch =>
    upright
      ? { x: [x + shift - wide / 2, x + shift + wide / 2], z: [z - 140, z + 140] }
      : { x: [x - 140, x + 140], z: [z + shift - wide / 2, z + shift + wide / 2] };
  const beside = [-9, -8, -7, -6, -5, 5, 6, 7, 8, 9].map((step) => patch(step * wide));
  return Math.min(
    ...repetitions.map((seed) => standsOut(measure(simulator, solids, seed), patch(0), beside)),
  );
}
