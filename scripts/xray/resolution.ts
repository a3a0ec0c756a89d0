import type { Simulator } from '#models/physics/xray/simulate';
import { box } from '#models/physics/xray/solids';
import { statisticsOf, valuesIn } from './patches.ts';
import { measure, middleMm, solid } from './phantom.ts';

const thick = 20;

/**
 * Modulation of a grid of steel bars of one width and gap, as a share of that of bars as wide as 40 mm: the strength of
 * the grid's own frequency in the mean profile across the bars, whatever way they fall on the pixels.
 */
export function resolution(simulator: Simulator, widths: readonly number[]) {
  const whole = { travel: modulation(simulator, 40, true), height: modulation(simulator, 40, false) };
  return widths.map((mm) => ({
    mm,
    alongTravel: modulation(simulator, mm, true) / whole.travel,
    alongHeight: modulation(simulator, mm, false) / whole.height,
  }));
}

/** The mean over where the bars may fall on the pixels. */
function modulation(simulator: Simulator, width: number, upright: boolean): number {
  const shifts = [0.125, 0.375, 0.625, 0.875].map((share) => share * simulator.scanner.pixelMm);
  const strengths = shifts.map((shift) => modulationAt(simulator, width, upright, shift));
  return strengths.reduce((sum, strength) => sum + strength, 0) / strengths.length;
}

function modulationAt(simulator: Simulator, width: number, upright: boolean, shift: number): number {
  const bars = [];
  for (let at = shift - 240; at < 240; at += 2 * width)
    bars.push(
      solid(
        upright
          ? box([at, at + width], [-thick / 2, thick / 2], [middleMm - 100, middleMm + 100])
          : box([-100, 100], [-thick / 2, thick / 2], [middleMm + at, middleMm + at + width]),
        'steel',
      ),
    );
  const scan = measure(simulator, bars, 1);
  const step = scan.pixelMm;
  let [real, imaginary] = [0, 0];
  // A whole number of periods, sampled at the middle of each pixel.
  const periods = Math.floor(400 / (2 * width));
  const first = Math.ceil(
    (upright ? -periods * width - scan.fromMm : scan.topMm - middleMm - periods * width) / step,
  );
  const count = Math.round((2 * periods * width) / step);
  for (let i = first; i < first + count; i++) {
    const at = upright ? scan.fromMm + (i + 0.5) * step : scan.topMm - (i + 0.5) * step;
    const patch = upright
      ? { x: [at - step / 2, at + step / 2] as const, z: [middleMm - 80, middleMm + 80] as const }
      : { x: [-80, 80] as const, z: [at - step / 2, at + step / 2] as const };
    const value = statisticsOf(valuesIn(scan, 'high', patch)).mean;
    const phase = (Math.PI * (upright ? at : at - middleMm)) / width;
    real += value * Math.cos(phase);
    imaginary += value * Math.sin(phase);
  }
  return Math.hypot(real, imaginary) / count;
}
