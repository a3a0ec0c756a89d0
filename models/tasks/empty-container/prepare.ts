import type { Prepare } from '../task.ts';
import { fillWindow, type Strip } from './preprocess.ts';
import { type SteelTables, steelTables } from './steel.ts';
import { tileColumns, tileRows, tileStart } from './tiles.ts';

/** What `prepare` is told of the samples. */
export type TileParams = Omit<Strip, 'samples'> & {
  readonly tile: number;
  /** Accelerating voltages of the planes high and low, MV. */
  readonly energiesMv: readonly number[];
};

/** Making a table takes some 10 ms; a scanner has one. */
class Tables {
  readonly #made = new Map<string, SteelTables>();

  of([high = 0, low = 0]: readonly number[]): SteelTables {
    const key = `${high}/${low}`;
    const made = this.#made.get(key) ?? steelTables(high, low);
    this.#made.set(key, made);
    return made;
  }
}

const tables = new Tables();

/** One tile from calibrated samples (`samples`, uint16) into the network's input `areal`. */
export const prepare: Prepare = (raw, params, slots) => {
  const { tile, energiesMv, ...strip } = params as TileParams;
  const samples = raw['samples']?.data;
  const areal = slots['areal']?.data;
  if (!(samples instanceof Uint16Array && areal instanceof Float32Array))
    throw new TypeError('The tile needs samples of 16 bit and an input `areal` of float32.');
  const window = { column0: tileStart(tile), columns: tileColumns, rows: tileRows };
  fillWindow({ ...strip, samples }, tables.of(energiesMv), window, areal);
};
