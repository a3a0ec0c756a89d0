import { readTable } from '../../table-file.ts';

interface Row {
  readonly energiesKeV: readonly number[];
  readonly photoelectric: readonly number[];
  readonly coherent: readonly number[];
  readonly incoherent: readonly number[];
}
type Process = Exclude<keyof Row, 'energiesKeV'>;

/** Fractions by mass, by symbol of the element. */
export type Composition = Readonly<Record<string, number>>;

/** Cross-sections of elements and mixtures for X-rays of 1 to 40 keV, cm2/g; tables/attenuation.json says from where. */
export class XrayAttenuation {
  readonly #elements: Readonly<Record<string, Row>>;

  constructor() {
    this.#elements = readTable<{ elements: Record<string, Row> }>(
      'tables/attenuation.json',
      import.meta.url,
    ).elements;
  }

  /** One process of one element, by log-log interpolation. Throws RangeError for an element or energy that is not there. */
  of(symbol: string, energyKeV: number, process: Process): number {
    const row = this.#elements[symbol];
    if (!row) throw new RangeError(`There is no attenuation of ${symbol} in the table.`);
    const { energiesKeV } = row;
    const values = row[process];
    const last = energiesKeV.length - 1;
    if (!(energyKeV >= (energiesKeV[0] as number) && energyKeV <= (energiesKeV[last] as number)))
      throw new RangeError(`${energyKeV} keV is outside of the table of attenuation.`);
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((energiesKeV[middle] as number) <= energyKeV) low = middle;
      else high = middle;
    }
    const [x0, x1] = [Math.log(energiesKeV[low] as number), Math.log(energiesKeV[high] as number)];
    const [y0, y1] = [Math.log(values[low] as number), Math.log(values[high] as number)];
    return Math.exp(y0 + ((y1 - y0) * (Math.log(energyKeV) - x0)) / (x1 - x0));
  }

  /** All processes together, of a mixture. */
  total(composition: Composition, energyKeV: number): number {
    let sum = 0;
    for (const [symbol, share] of Object.entries(composition)) {
      if (share === 0) continue;
      const one = (process: Process) => this.of(symbol, energyKeV, process);
      sum += share * (one('photoelectric') + one('coherent') + one('incoherent'));
    }
    return sum;
  }
}

export const water: Composition = { H: 0.1119, O: 0.8881 };
/** Dry air at sea level. */
export const air: Composition = { N: 0.755, O: 0.232, Ar: 0.013 };
export const airGramsPerCm3 = 0.001205;
