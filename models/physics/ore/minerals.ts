import type { Brand, Waste } from './materials.ts';

/** Oxides and loss on ignition of what ore is made of, mass percent of the mineral. */
const contents = {
  hematite: { Fe: 69.94 },
  goethite: { Fe: 62.85, LOI: 10.14 },
  magnetite: { Fe: 72.36, LOI: -3.46 },
  kaolinite: { Al2O3: 39.5, SiO2: 46.55, LOI: 13.96 },
  gibbsite: { Al2O3: 65.36, LOI: 34.64 },
  chlorite: { Al2O3: 18, SiO2: 30, MgO: 30, Fe: 6, LOI: 12 },
  quartz: { SiO2: 100 },
  water: { LOI: 100 },
} as const;
type Mineral = keyof typeof contents;

/** Shares of minerals that give the brand's analysis; what is left is inert. */
export type Minerals = Readonly<Record<Mineral, number>>;

/** Minerals of an analysis, by shares of the dry mass: aluminium first, then silica, ignition loss, iron. */
export function mineralsOf({ massPct, minerals }: Pick<Brand, 'massPct' | 'minerals'>): Minerals {
  const { Fe = 0, SiO2 = 0, Al2O3 = 0, LOI = 0 } = massPct;
  const concentrate = minerals.magnetiteShare > 0.5;
  const gibbsite = (Al2O3 * minerals.gibbsiteShare) / contents.gibbsite.Al2O3;
  const clay = Al2O3 * (1 - minerals.gibbsiteShare);
  const kaolinite = concentrate ? 0 : clay / contents.kaolinite.Al2O3;
  const chlorite = concentrate ? clay / contents.chlorite.Al2O3 : 0;
  const bound = contents.kaolinite.SiO2 * kaolinite + contents.chlorite.SiO2 * chlorite;
  const quartz = Math.max(0, SiO2 - bound) / 100;
  const water = 34.64 * gibbsite + 13.96 * kaolinite + 12 * chlorite;
  // Iron and ignition loss settle goethite and the oxides without water.
  const share = minerals.magnetiteShare;
  const oxideFe = share * contents.magnetite.Fe + (1 - share) * contents.hematite.Fe;
  const oxideLoi = share * contents.magnetite.LOI;
  const [fe, loi] = [Fe - 6 * chlorite, LOI - water];
  const determinant = oxideFe * contents.goethite.LOI - contents.goethite.Fe * oxideLoi;
  // Where there is more water than goethite of all the iron holds, the rest is held by its pores.
  const most = Math.max(0, fe / contents.goethite.Fe);
  const goethite = Math.min(most, Math.max(0, (oxideFe * loi - oxideLoi * fe) / determinant));
  const oxides = Math.max(0, (fe - contents.goethite.Fe * goethite) / oxideFe);
  const held = goethite === most ? Math.max(0, loi - contents.goethite.LOI * goethite) / 100 : 0;
  return {
    hematite: (1 - share) * oxides,
    magnetite: share * oxides,
    goethite,
    kaolinite,
    gibbsite,
    chlorite,
    quartz,
    water: held,
  };
}

/** Analysis of minerals, mass percent: Fe, SiO2, Al2O3, MgO, LOI. */
export function analysisOf(minerals: Minerals): Record<string, number> {
  const sum: Record<string, number> = { Fe: 0, SiO2: 0, Al2O3: 0, MgO: 0, LOI: 0 };
  for (const [name, share] of Object.entries(minerals))
    for (const [oxide, value] of Object.entries(contents[name as Mineral]))
      sum[oxide] = (sum[oxide] ?? 0) + share * value;
  return sum;
}

/** Shares of end-members that the minerals of a brand reflect like. */
export function reflecting(minerals: Minerals, brand: Pick<Brand, 'minerals'>): Map<string, number> {
  const found = new Map<string, number>();
  const add = (name: string, share: number) => {
    if (share > 0) found.set(name, (found.get(name) ?? 0) + share);
  };
  for (const [name, share] of Object.entries(brand.minerals.hematite)) add(name, share * minerals.hematite);
  for (const [name, share] of Object.entries(brand.minerals.goethite)) add(name, share * minerals.goethite);
  add('magnetite', minerals.magnetite);
  add('kaolinite', minerals.kaolinite);
  add('gibbsite', minerals.gibbsite);
  add('chlorite', minerals.chlorite);
  add('quartz', minerals.quartz);
  return found;
}

export const reflectingWaste = ({ minerals }: Waste): Map<string, number> =>
  new Map(Object.entries(minerals));
