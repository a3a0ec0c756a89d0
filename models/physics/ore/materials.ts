import { readTable } from '../../table-file.ts';
import type { Composition } from './attenuation.ts';

/** How far a composition can be trusted; `assumed` ones are there to be edited. */
export type Confidence = 'published' | 'part' | 'assumed';

/** Which minerals carry what an analysis says of a brand. */
export interface BrandMinerals {
  /** Share of magnetite in the oxides of iron without water. */
  readonly magnetiteShare: number;
  /** Share of the aluminium that is in gibbsite; the rest is in kaolinite, in a concentrate in chlorite. */
  readonly gibbsiteShare: number;
  /** End-members that its hematite and its goethite are like, by shares. */
  readonly hematite: Readonly<Record<string, number>>;
  readonly goethite: Readonly<Record<string, number>>;
}

/** A brand of ore, mass percent of the dry material but for H2O. */
export interface Brand {
  readonly name: string;
  /** ISO 3166 code of the country. */
  readonly origin: string;
  readonly confidence: Confidence;
  readonly source: string;
  readonly massPct: Readonly<Record<string, number>>;
  /** Minor and trace elements, mass percent. */
  readonly tracesPct: Readonly<Record<string, number>>;
  readonly minerals: BrandMinerals;
  /** Size that 63 % of the mass passes, mm, and exponent of the distribution (Rosin and Rammler). */
  readonly grainMm: number;
  readonly grainSpread: number;
}

/** A kind of waste, by what it has from and up to, mass percent. */
export interface Waste {
  readonly name: string;
  readonly confidence: Confidence;
  readonly source: string;
  readonly rangePct: Readonly<Record<string, readonly [number, number]>>;
  /** Minor and trace elements and moisture, from and up to, mass percent. */
  readonly tracesPct: Readonly<Record<string, readonly [number, number]>>;
  /** End-members and curves that it reflects like, by shares. */
  readonly minerals: Readonly<Record<string, number>>;
  readonly look: 'flakes' | 'lumps' | 'fines' | 'pellets' | 'powder';
  readonly grainMm: number;
}

export interface Materials {
  readonly brands: readonly Brand[];
  readonly wastes: readonly Waste[];
  /** Wastes that nothing is trained or calibrated on. */
  readonly unseen: readonly Waste[];
  /** Assumed reflectances by wavelength (nm), straight between the points. */
  readonly curves: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

/** Brands and wastes of tables/materials.json, which is meant to be edited. */
export const readMaterials = (): Materials => readTable('tables/materials.json', import.meta.url);

/** Mass fraction of the element in what analyses give, and the element. */
const oxides: Readonly<Record<string, readonly [string, number]>> = {
  SiO2: ['Si', 0.4674],
  Al2O3: ['Al', 0.5293],
  CaO: ['Ca', 0.7147],
  MgO: ['Mg', 0.603],
};

/** Several materials by their shares of the whole, mass percent; shares sum to 1. */
export function mixed(
  parts: readonly { readonly share: number; readonly massPct: Readonly<Record<string, number>> }[],
) {
  const sum: Record<string, number> = {};
  for (const { share, massPct } of parts)
    for (const [name, value] of Object.entries(massPct)) sum[name] = (sum[name] ?? 0) + share * value;
  return sum;
}

/**
 * Elements by mass fraction, of an analysis in percent, moist by its H2O. What the analysis leaves to 100 is oxygen, and the
 * hydrogen of its water.
 */
export function elementsOf(massPct: Readonly<Record<string, number>>): Composition {
  const moist = Math.max(0, massPct.H2O ?? 0) / 100;
  const found: Record<string, number> = {};
  const add = (element: string, share: number) => {
    found[element] = (found[element] ?? 0) + share;
  };
  // Water that ignition drives out of goethite and clay; a gain on ignition holds none.
  const bound = Math.max(0, massPct.LOI ?? 0) / 100;
  for (const [name, value] of Object.entries(massPct)) {
    if (name === 'H2O' || name === 'LOI') continue;
    const [element, fraction] = oxides[name] ?? [name, 1];
    add(element, (1 - moist) * fraction * (value / 100));
  }
  add('H', 0.1119 * (moist + (1 - moist) * bound));
  const rest = 1 - Object.values(found).reduce((sum, share) => sum + share, 0);
  if (rest < 0) throw new RangeError('The analysis sums to more than 100 %.');
  add('O', rest);
  return found;
}
