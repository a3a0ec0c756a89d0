import type { Composition } from './attenuation.ts';

export type MaterialClass = 'organic' | 'inorganic' | 'metal' | 'heavy';

export interface Material {
  /** Of the solid; goods are packed with less. */
  readonly densityGCm3: number;
  readonly class: MaterialClass;
  readonly composition: Composition;
}

const water: Composition = { H: 0.1119, O: 0.8881 };
const cellulose: Composition = { H: 0.0622, C: 0.4445, O: 0.4933 };
const polyethylene: Composition = { H: 0.1437, C: 0.8563 };
const steel: Composition = { Fe: 0.98, C: 0.002, Mn: 0.018 };

/** A mixture by mass of others. */
function mix(...parts: readonly (readonly [number, Composition])[]): Composition {
  const sum: Record<string, number> = {};
  for (const [share, composition] of parts)
    for (const [symbol, fraction] of Object.entries(composition))
      sum[symbol] = (sum[symbol] ?? 0) + share * fraction;
  return sum;
}

const organic = (densityGCm3: number, composition: Composition): Material => ({
  densityGCm3,
  class: 'organic',
  composition,
});
const inorganic = (densityGCm3: number, composition: Composition): Material => ({
  densityGCm3,
  class: 'inorganic',
  composition,
});
const metal = (densityGCm3: number, composition: Composition): Material => ({
  densityGCm3,
  class: 'metal',
  composition,
});
const heavy = (densityGCm3: number, composition: Composition): Material => ({
  densityGCm3,
  class: 'heavy',
  composition,
});

/**
 * What scenes are made of. Compositions of compounds follow from their formula, those of mixtures (foods,
 * electronics, alloys, soil) are typical values of ours: a scanner at these energies sees little of them but mass.
 */
export const materials = {
  acrylic: organic(1.18, { H: 0.0805, C: 0.5998, O: 0.3196 }),
  aluminium: metal(2.7, { Al: 1 }),
  beer: organic(1.01, mix([0.96, water], [0.04, { H: 0.1313, C: 0.5214, O: 0.3473 }])),
  cardboard: organic(0.69, cellulose),
  cement: inorganic(1.5, { O: 0.36, Ca: 0.46, Si: 0.1, Al: 0.03, Fe: 0.03, Mg: 0.02 }),
  ceramic: inorganic(2.3, { O: 0.49, Si: 0.31, Al: 0.14, K: 0.03, Ca: 0.03 }),
  cocaine: organic(1.2, { H: 0.0652, C: 0.6008, N: 0.0412, O: 0.1884, Cl: 0.1044 }),
  copper: metal(8.96, { Cu: 1 }),
  cotton: organic(1.5, cellulose),
  diesel: organic(0.84, { H: 0.134, C: 0.866 }),
  electronics: inorganic(1.6, { C: 0.3, H: 0.03, O: 0.2, Si: 0.15, Al: 0.1, Fe: 0.12, Cu: 0.1 }),
  fat: organic(0.92, { H: 0.12, C: 0.77, O: 0.11 }),
  fish: organic(1.0, mix([0.75, water], [0.25, { H: 0.07, C: 0.53, N: 0.16, O: 0.24 }])),
  foam: organic(0.04, { H: 0.065, C: 0.62, N: 0.09, O: 0.225 }),
  glass: inorganic(2.5, { O: 0.46, Si: 0.337, Na: 0.096, Ca: 0.107 }),
  iron: metal(7.87, { Fe: 1 }),
  lead: heavy(11.35, { Pb: 1 }),
  limestone: inorganic(2.7, { Ca: 0.4004, C: 0.12, O: 0.4796 }),
  plywood: organic(0.68, cellulose),
  polyethylene: organic(0.95, polyethylene),
  polyester: organic(1.38, { H: 0.0419, C: 0.625, O: 0.333 }),
  rice: organic(1.4, { H: 0.065, C: 0.43, O: 0.49, N: 0.015 }),
  rubber: organic(1.15, { H: 0.1, C: 0.85, S: 0.02, O: 0.03 }),
  salt: inorganic(2.16, { Na: 0.3934, Cl: 0.6066 }),
  sand: inorganic(2.65, { Si: 0.4674, O: 0.5326 }),
  soil: inorganic(1.6, { O: 0.51, Si: 0.33, Al: 0.08, Fe: 0.04, C: 0.02, H: 0.02 }),
  steel: metal(7.85, steel),
  sugar: organic(1.59, { H: 0.0648, C: 0.4211, O: 0.5142 }),
  tobacco: organic(0.6, mix([0.12, water], [0.88, cellulose])),
  tungsten: heavy(19.3, { W: 1 }),
  uranium: heavy(18.95, { U: 1 }),
  water: organic(1.0, water),
  wine: organic(0.99, mix([0.88, water], [0.12, { H: 0.1313, C: 0.5214, O: 0.3473 }])),
  wood: organic(0.5, mix([0.12, water], [0.88, cellulose])),
  zinc: metal(7.13, { Zn: 1 }),
} as const satisfies Record<string, Material>;

export type MaterialId = keyof typeof materials;
export const materialIds = Object.keys(materials) as MaterialId[];
