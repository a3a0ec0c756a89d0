import { readTable } from '../table-file.ts';

export type Shell = 'K' | 'L1' | 'L2' | 'L3' | 'M3' | 'M4' | 'M5';

interface ElementRow {
  readonly z: number;
  readonly weight: number;
  /** Energy keV, jump factor, fluorescence yield. */
  readonly edges: Partial<Readonly<Record<Shell, readonly [number, number, number]>>>;
  readonly costerKronig: { readonly f12: number; readonly f13: number; readonly f23: number };
  /** IUPAC name, shell of the vacancy, energy keV, share of the shell's radiative decays. */
  readonly lines: readonly (readonly [string, Shell, number, number])[];
}

export interface ElementLines extends ElementRow {
  readonly symbol: string;
}

/** X-ray lines, edges and yields from neon to uranium (tables/lines.json says from where). */
export function readLines(): ReadonlyMap<string, ElementLines> {
  const { elements } = readTable<{ elements: Record<string, ElementRow> }>(
    'tables/lines.json',
    import.meta.url,
  );
  return new Map(Object.entries(elements).map(([symbol, row]) => [symbol, { symbol, ...row }]));
}

export interface Line {
  readonly energyKeV: number;
  /** Photons, beside the other lines of the group. */
  readonly rate: number;
}

/** Lines that are seen as one peak or a few close ones, by the name that people give them. */
export interface LineGroup {
  readonly element: string;
  /** Ka, Kb, La, Lb, … */
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Of one series (K, L or M): its groups, with rates as they come at one excitation energy. */
export interface Series {
  readonly element: string;
  readonly series: 'K' | 'L' | 'M';
  /** What excites it at all, keV. */
  readonly edgeKeV: number;
  readonly groups: readonly LineGroup[];
}

/** Siegbahn's group of an IUPAC line. */
function groupName(line: string): string {
  if (line.startsWith('K')) return line.startsWith('KL') ? 'Ka' : 'Kb';
  if (line.startsWith('M')) return 'M';
  if (line === 'L3M4' || line === 'L3M5') return 'La';
  if (/^L[12]N|^L[12]O/.test(line)) return 'Lg';
  if (line === 'L3M1' || line === 'L2M1') return 'Ll';
  return 'Lb';
}

/** How many vacancies each shell gets per photon that it or a shell above takes, Coster-Kronig transitions included. */
function vacancies(element: ElementLines, excitationKeV: number): Partial<Record<Shell, number>> {
  const { edges, costerKronig } = element;
  const found: Partial<Record<Shell, number>> = {};
  // What a shell does not take is left to the next one out.
  let left = 1;
  for (const shell of ['K', 'L1', 'L2', 'L3', 'M3', 'M4', 'M5'] as const) {
    const edge = edges[shell];
    if (!edge || edge[0] >= excitationKeV) continue;
    found[shell] = left * (1 - 1 / edge[1]);
    left /= edge[1];
  }
  const { f12, f13, f23 } = costerKronig;
  const first = found.L1 ?? 0;
  if (found.L2 !== undefined) found.L2 += f12 * first;
  if (found.L3 !== undefined) found.L3 += f13 * first + f23 * (found.L2 ?? 0);
  return found;
}

/** The series that photons of `excitationKeV` excite, each with the rates that its lines then have. */
export function seriesOf(element: ElementLines, excitationKeV: number): Series[] {
  const shells = vacancies(element, excitationKeV);
  const groups = new Map<string, Line[]>();
  for (const [name, shell, energyKeV, share] of element.lines) {
    const rate = (shells[shell] ?? 0) * (element.edges[shell]?.[2] ?? 0) * share;
    if (!(rate > 0)) continue;
    const group = groupName(name);
    groups.set(group, [...(groups.get(group) ?? []), { energyKeV, rate }]);
  }
  return (['K', 'L', 'M'] as const).flatMap((series) => {
    const found = [...groups]
      .filter(([name]) => name.startsWith(series))
      .map(([name, lines]) => ({ element: element.symbol, name, lines }));
    if (found.length === 0) return [];
    const principal = { K: element.edges.K, L: element.edges.L3, M: element.edges.M5 }[series];
    return [{ element: element.symbol, series, edgeKeV: principal?.[0] ?? 0, groups: found }];
  });
}

export const rateOf = ({ lines }: LineGroup): number => lines.reduce((sum, { rate }) => sum + rate, 0);

/** Mean energy of a group, keV, by rates. */
export const energyOf = (group: LineGroup): number =>
  group.lines.reduce((sum, { energyKeV, rate }) => sum + energyKeV * rate, 0) / rateOf(group);
