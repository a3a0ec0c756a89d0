import type { NirLibrary } from './belt-nir.ts';
import type { Colour, Look } from './belt-picture.ts';
import type { OreTruth } from './cargo.ts';
import type { Brand, Waste } from './materials.ts';

/** Bands of a camera's colours, nm. */
const bandsNm = [
  [590, 680],
  [500, 580],
  [420, 490],
] as const;

/** Colour of ore with its reflectances. */
export function colourOf(library: NirLibrary, truth: Pick<OreTruth, 'reflecting'>): Colour {
  const reflectance = new Float64Array(library.axis.length);
  library.reflectance(library.shares(truth.reflecting), 0, reflectance);
  const mean = ([from, to]: readonly [number, number]) => {
    const inside = reflectance.filter(
      (_, i) => (library.axis[i] as number) >= from && (library.axis[i] as number) <= to,
    );
    return inside.reduce((sum, value) => sum + value, 0) / inside.length;
  };
  return [mean(bandsNm[0]), mean(bandsNm[1]), mean(bandsNm[2])];
}

export const lookOfOre = (library: NirLibrary, brand: Brand, truth: Pick<OreTruth, 'reflecting'>): Look => ({
  colour: colourOf(library, truth),
  shape: 'ore',
  grainMm: brand.grainMm,
  grainSpread: brand.grainSpread,
});

export const lookOfWaste = (
  library: NirLibrary,
  waste: Waste,
  truth: Pick<OreTruth, 'reflecting'>,
): Look => ({
  colour: colourOf(library, truth),
  shape: waste.look,
  grainMm: waste.grainMm,
  grainSpread: 1,
});
