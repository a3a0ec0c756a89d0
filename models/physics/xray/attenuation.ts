import { readTable } from '../../table-file.ts';

/** Mass attenuation by process, cm2/g, at `energiesMev`. */
interface ElementTable {
  readonly photoelectric: readonly number[];
  readonly incoherent: readonly number[];
  readonly coherent: readonly number[];
  readonly pair: readonly number[];
}

interface Tables {
  readonly source: string;
  readonly energiesMev: readonly number[];
  readonly elements: Readonly<Record<string, ElementTable>>;
}

export type Process = keyof ElementTable;
export const processes: readonly Process[] = ['photoelectric', 'incoherent', 'coherent', 'pair'];

const symbols: Readonly<Record<string, number>> = {
  H: 1,
  C: 6,
  N: 7,
  O: 8,
  F: 9,
  Na: 11,
  Mg: 12,
  Al: 13,
  Si: 14,
  P: 15,
  S: 16,
  Cl: 17,
  K: 19,
  Ca: 20,
  Ti: 22,
  Cr: 24,
  Mn: 25,
  Fe: 26,
  Ni: 28,
  Cu: 29,
  Zn: 30,
  Br: 35,
  Cd: 48,
  Sn: 50,
  Sb: 51,
  I: 53,
  Cs: 55,
  Ba: 56,
  Ce: 58,
  Gd: 64,
  Ta: 73,
  W: 74,
  Pt: 78,
  Au: 79,
  Hg: 80,
  Pb: 82,
  Bi: 83,
  Th: 90,
  U: 92,
};

/** Fractions by mass, by symbol of the element. */
export type Composition = Readonly<Record<string, number>>;

/** Mass attenuation of elements and mixtures, from the tables of NIST XCOM in tables/attenuation.json. */
export class Attenuation {
  readonly #tables: Tables;
  readonly #logE: readonly number[];

  constructor() {
    this.#tables = readTable<Tables>('tables/attenuation.json', import.meta.url);
    this.#logE = this.#tables.energiesMev.map(Math.log);
  }

  /** cm2/g at an energy of 0.05 to 10 MeV, by one process or (absent) all; log-log interpolation. */
  of(composition: Composition, energyMev: number, process?: Process): number {
    let sum = 0;
    for (const [symbol, fraction] of Object.entries(composition)) {
      const table = this.#tables.elements[String(symbols[symbol])];
      if (!table) throw new RangeError(`There is no attenuation of ${symbol} in the table.`);
      sum += fraction * this.#element(table, energyMev, process);
    }
    return sum;
  }

  #element(table: ElementTable, energyMev: number, process: Process | undefined): number {
    const logs = this.#logE;
    const x = Math.log(energyMev);
    let upper = 1;
    while (upper < logs.length - 1 && (logs[upper] as number) < x) upper++;
    const x0 = logs[upper - 1] as number;
    const share = (x - x0) / ((logs[upper] as number) - x0);
    const at = (part: readonly number[]) => {
      const a = part[upper - 1] as number;
      const b = part[upper] as number;
      // Pair production begins at 1.022 MeV: below it there is nothing to take a logarithm of.
      if (a <= 0 || b <= 0) return Math.max(0, a + (b - a) * share);
      return Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * share);
    };
    if (process !== undefined) return at(table[process]);
    return processes.reduce((sum, name) => sum + at(table[name]), 0);
  }
}
