import type { Beam } from './beam.ts';
import type { Noise } from './noise.ts';
import type { CalibrationFault, ScannerProfile } from './scanner.ts';

/** What a picture goes through between the beam and its samples. */
export interface Defects {
  readonly scanner: ScannerProfile;
  readonly beam: Beam;
  readonly pixelMm: number;
  readonly columns: number;
  readonly rows: number;
  readonly fault: CalibrationFault;
}

interface Plane {
  readonly photons: number;
  readonly factor: number;
  /** Electronic noise of a pixel, as a share of air. */
  readonly electronic: number;
}

/** Readings of one energy that a pixel of the result is the mean of: elements by pulses. */
export function readingsPerPixel(scanner: ScannerProfile, pixelMm: number) {
  const pulseMm = (scanner.nominalSpeedMps * 1000) / (scanner.pulsesPerSecond / 2);
  return { elements: pixelMm / scanner.pixelMm, pulses: pixelMm / pulseMm };
}

/** Adds afterglow, misalignment, gains, dose, wobble, bad elements and noise to the transmission of both energies. */
export function disturb(high: Float32Array, low: Float32Array, of: Defects, noise: Noise): void {
  const { scanner, columns, rows, fault } = of;
  const { elements, pulses } = readingsPerPixel(scanner, of.pixelMm);
  shift(low, columns, rows, (scanner.lineShift * scanner.pixelMm) / of.pixelMm);
  const bad = badRows(rows, fault.badPixels ?? 0, elements, noise);
  const swing = swingOf(columns, Math.hypot(scanner.wobble, fault.wobble ?? 0), noise);
  const planes: readonly [Float32Array, Plane][] = [
    [
      high,
      planeOf(
        scanner.photonsHigh,
        of.beam.high.noiseFactor,
        scanner.noiseAdu / scanner.airAdu,
        elements * pulses,
      ),
    ],
    [
      low,
      planeOf(
        scanner.photonsLow,
        of.beam.low.noiseFactor,
        scanner.noiseAdu / scanner.airLowAdu,
        elements * pulses,
      ),
    ],
  ];
  for (const [picture, plane] of planes) {
    afterglow(picture, columns, rows, scanner.afterglow / pulses);
    const gain = normals(rows, scanner.gainResidual / Math.sqrt(elements), noise);
    const drift = normals(rows, (fault.drift ?? 0) / Math.sqrt(elements), noise);
    for (let column = 0; column < columns; column++) {
      const dose = 1 + (scanner.doseResidual / Math.sqrt(pulses)) * noise.normal();
      const tilt = swing[column] as number;
      const time = column / columns;
      const at = column * rows;
      for (let row = 0; row < rows; row++) {
        const scale =
          dose *
          (1 + (gain[row] as number) + (drift[row] as number) * time) *
          (1 + tilt * ((2 * row) / rows - 1));
        picture[at + row] = noise.reading(
          (picture[at + row] as number) * scale,
          plane.photons,
          plane.factor,
          plane.electronic,
        );
      }
    }
    for (const { row, share, kind, level } of bad)
      for (let column = 0; column < columns; column++) {
        const at = column * rows + row;
        const value = kind === 'stuck' ? level : level + 0.35 * noise.normal();
        picture[at] = (picture[at] as number) * (1 - share) + share * value;
      }
  }
}

function planeOf(photons: number, factor: number, noise: number, readings: number): Plane {
  return {
    photons: photons * readings,
    factor,
    electronic: noise / Math.sqrt(readings),
  };
}

const normals = (count: number, sigma: number, noise: Noise) =>
  Float64Array.from({ length: count }, () => sigma * noise.normal());

/** The beam's swing by column: a vibration of a few hertz whose strength wanders. */
function swingOf(columns: number, strength: number, noise: Noise): Float64Array {
  const step = noise.random.between(0.05, 0.4);
  let phase = noise.random.between(0, 6);
  return Float64Array.from({ length: columns }, () => {
    phase += step * (1 + 0.2 * noise.normal());
    return strength * Math.SQRT2 * Math.sin(phase);
  });
}

function badRows(rows: number, share: number, elements: number, noise: Noise) {
  const { random } = noise;
  const count = random.poisson(rows * elements * share);
  return Array.from({ length: count }, () => ({
    row: random.integer(0, rows - 1),
    share: 1 / Math.max(1, elements),
    kind: random.chance(0.7) ? ('stuck' as const) : ('noisy' as const),
    level: random.pick([0, 0, random.next(), 1.09]),
  }));
}

/** Each column keeps a share of what was before it. */
function afterglow(picture: Float32Array, columns: number, rows: number, share: number): void {
  if (share === 0) return;
  for (let column = 1; column < columns; column++)
    for (let at = column * rows; at < (column + 1) * rows; at++)
      picture[at] = ((picture[at] as number) + share * (picture[at - rows] as number)) / (1 + share);
}

/** Moves a picture by less than a column. */
function shift(picture: Float32Array, columns: number, rows: number, by: number): void {
  if (by === 0) return;
  for (let at = 0; at < (columns - 1) * rows; at++)
    picture[at] = (picture[at] as number) * (1 - by) + by * (picture[at + rows] as number);
}
