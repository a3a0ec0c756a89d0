/** What is said of the composition, mass percent of the dry ore; H2O of the moist. */
export const analytes = [
  'Fe',
  'SiO2',
  'Al2O3',
  'CaO',
  'MgO',
  'P',
  'S',
  'Mn',
  'Ti',
  'V',
  'Cr',
  'Cu',
  'Zn',
  'As',
  'Pb',
  'LOI',
  'H2O',
] as const;
export type Analyte = (typeof analytes)[number];
