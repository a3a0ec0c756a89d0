/** Kubelka and Munk's remission of a thick layer: K/S of a reflectance between 0 and 1. */
export const remission = (reflectance: number): number => {
  const r = Math.min(1, Math.max(1e-4, reflectance));
  return (1 - r) ** 2 / (2 * r);
};

/** Reflectance of a thick layer of K/S. */
export const reflectanceOf = (ratio: number): number => 1 + ratio - Math.sqrt(ratio * ratio + 2 * ratio);

export interface MixedPart {
  /** Share of the mass. */
  readonly share: number;
  /** How strongly it scatters, beside the others: about 1 / (density times grain size). */
  readonly scattering: number;
  readonly reflectance: Float64Array;
}

/** Absorption of liquid water, 1/cm, at bands of the near infrared (nm); between them it is interpolated by logarithms. */
const waterBands: readonly (readonly [number, number])[] = [
  [700, 0.006],
  [970, 0.45],
  [1070, 0.15],
  [1190, 1.1],
  [1300, 1.2],
  [1450, 28],
  [1650, 5.5],
  [1780, 8],
  [1940, 115],
  [2200, 18],
  [2500, 95],
];

/** 1/cm at a wavelength in nm; the band values are assumed within some 10 %. */
export function waterAbsorption(wavelengthNm: number): number {
  const last = waterBands.length - 1;
  const above = waterBands.findIndex(([place]) => place > wavelengthNm);
  if (above <= 0) return (above === 0 ? waterBands[0] : waterBands[last])?.[1] ?? 0;
  const [x0, y0] = waterBands[above - 1] as readonly [number, number];
  const [x1, y1] = waterBands[above] as readonly [number, number];
  return y0 * (y1 / y0) ** ((wavelengthNm - x0) / (x1 - x0));
}

/** Intimate mixture by Kubelka and Munk, wet by so much water as a share of mass; reflectance by wavelength. */
export function mixture(
  wavelengthsNm: Float64Array,
  parts: readonly MixedPart[],
  waterShare = 0,
): Float64Array {
  const scattering = parts.reduce((sum, part) => sum + part.share * part.scattering, 0);
  return wavelengthsNm.map((wavelength, i) => {
    const absorbed = parts.reduce(
      (sum, { share, scattering: own, reflectance }) =>
        sum + share * own * remission(reflectance[i] as number),
      0,
    );
    // Light goes some tenths of a millimetre through water between grains for each length in which it is scattered.
    const wet = waterShare * waterAbsorption(wavelength) * waterPathCm;
    return reflectanceOf(absorbed / scattering + wet);
  });
}

/** Assumed: how far light goes through the water of an ore while it is scattered once. */
export const waterPathCm = 0.05;

export interface Measurement {
  /** Colour temperature that the lamp has lost since its white reference, kelvin, of about 2,800. */
  readonly lampLossK: number;
  /** Share of the light that dust on the window takes, and share that it sends back. */
  readonly dustLoss: number;
  readonly dustBack: number;
  /** Stand-off and surface: gain of all wavelengths. */
  readonly gain: number;
}

const lampK = 2800;
/** Second radiation constant, nm K. */
const secondConstant = 1.4388e7;

const planck = (wavelength: number, kelvin: number) => 1 / Math.expm1(secondConstant / (wavelength * kelvin));

/** Light of an aged lamp beside that of the white reference, by wavelength. */
export const lampCurve = (wavelengthsNm: Float64Array, lampLossK: number): Float64Array =>
  wavelengthsNm.map((wavelength) => planck(wavelength, lampK - lampLossK) / planck(wavelength, lampK));

/** What an instrument says of a reflectance when its lamp has aged and its window is dusty since the last white reference. */
export function measured(
  wavelengthsNm: Float64Array,
  reflectance: Float64Array,
  { lampLossK, dustLoss, dustBack, gain }: Measurement,
  lamp = lampCurve(wavelengthsNm, lampLossK),
): Float64Array {
  const passed = gain * (1 - dustLoss) ** 2;
  return reflectance.map((value, i) => (lamp[i] as number) * (passed * value + dustBack));
}
