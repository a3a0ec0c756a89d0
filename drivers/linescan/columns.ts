import { airLevel } from '#flows/scan';
import type { BadPixels } from './bad-pixels.ts';

export interface ColumnsOptions {
  readonly rows: number;
  readonly planes: number;
  readonly stripColumns: number;
  readonly pixelMm: number;
}

/** Strips that are held: one that may still be mended, one that fills, one for the energy that is ahead. */
const strips = 3;

/** Transmission of a line, where and when it was measured. */
export interface PlacedLine {
  readonly mm: number;
  readonly ms: number;
  readonly values: Float32Array;
}

/** What is known of some columns. */
export interface ColumnFacts {
  /** Share of readings at the detector's limit. */
  readonly saturated: number;
  /** Share that was filled in over lines that did not come. */
  readonly filled: number;
  /** A plane has columns without any line. */
  readonly empty: boolean;
  /** The object stood or went back. */
  readonly halted: boolean;
  /** When their beginning and their end were reached, ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Square pixels out of lines at any distance. Between two lines of one energy the transmission is taken as
 * straight, and a column is the mean of it over its own width: denser lines are averaged, missing ones are
 * filled in, and energies whose pulses alternate come to lie on the same columns.
 */
export class Columns {
  /** Number of the first column that is held. */
  base = 0;
  readonly #options: ColumnsOptions;
  readonly #held: number;
  /** Sums of transmission x mm, laid out as `Pixels`; mm covered, by column and plane. */
  readonly #sums: Float32Array;
  readonly #covered: Float32Array;
  readonly #filled: Float32Array;
  readonly #readings: Float64Array;
  readonly #saturated: Float64Array;
  readonly #halted: Uint8Array;
  readonly #reachedMs: Float64Array;
  /** How far each plane is drawn, mm. */
  readonly #drawn: Float64Array;
  readonly #room: () => void;

  /** `room` is called when a plane needs the place of the first strip: it has to be given and shifted out. */
  constructor(options: ColumnsOptions, room: () => void) {
    this.#options = options;
    this.#room = room;
    this.#held = strips * options.stripColumns;
    this.#sums = new Float32Array(this.#held * options.planes * options.rows);
    this.#covered = new Float32Array(this.#held * options.planes);
    this.#filled = new Float32Array(this.#held);
    this.#readings = new Float64Array(this.#held);
    this.#saturated = new Float64Array(this.#held);
    this.#halted = new Uint8Array(this.#held);
    this.#reachedMs = new Float64Array(this.#held);
    this.#drawn = new Float64Array(options.planes);
  }

  /** How far the plane is drawn, mm. */
  drawnMm(plane: number): number {
    return this.#drawn[plane] as number;
  }

  /** Whether the first strip and the one behind it are whole. */
  get ready(): boolean {
    const { stripColumns, pixelMm } = this.#options;
    return Math.min(...this.#drawn) >= (this.base + 2 * stripColumns) * pixelMm;
  }

  /** What a line at this place says of its columns, beside its picture. */
  note(mm: number, readings: number, saturated: number, halted: boolean): void {
    const column = this.#index(mm);
    this.#readings[column] = (this.#readings[column] as number) + readings;
    this.#saturated[column] = (this.#saturated[column] as number) + saturated;
    if (halted) this.#halted[column] = 1;
  }

  #index(mm: number): number {
    return Math.min(Math.max(0, Math.floor(mm / this.#options.pixelMm) - this.base), this.#held - 1);
  }

  /** Draws between two lines what lies ahead of what is drawn. `filled`: lines between them did not come. */
  draw(plane: number, from: PlacedLine, to: PlacedLine, filled: boolean): void {
    const { pixelMm, planes, rows } = this.#options;
    const length = to.mm - from.mm;
    let at = Math.max(from.mm, this.#drawn[plane] as number);
    while (at < to.mm) {
      const column = Math.floor(at / pixelMm + 1e-9);
      if (column - this.base >= this.#held) this.#room();
      const end = Math.min((column + 1) * pixelMm, to.mm);
      const share = ((at + end) / 2 - from.mm) / length;
      const index = column - this.base;
      const cell = index * planes + plane;
      const sums = this.#sums.subarray(cell * rows, (cell + 1) * rows);
      addBetween(sums, from.values, (end - at) * (1 - share), to.values, (end - at) * share);
      this.#covered[cell] = (this.#covered[cell] as number) + end - at;
      if (filled) this.#filled[index] = (this.#filled[index] as number) + end - at;
      if (this.#reachedMs[index] === 0)
        this.#reachedMs[index] = from.ms + ((at - from.mm) / length) * (to.ms - from.ms);
      at = end;
    }
    this.#drawn[plane] = at;
  }

  /** Columns that are left at the end: a last one counts when half of it was seen in every plane. */
  left(): number {
    const { pixelMm, planes } = this.#options;
    let left = Math.ceil(Math.max(...this.#drawn) / pixelMm - 1e-9) - this.base;
    for (let dropped = 0; left > 0 && dropped < 2; dropped++) {
      const cells = this.#covered.subarray((left - 1) * planes, left * planes);
      if (Math.min(...cells) >= pixelMm / 2) break;
      left--;
    }
    return left;
  }

  facts(columns: number, lastMs: number): ColumnFacts {
    const { planes, pixelMm } = this.#options;
    const sum = (values: Float32Array | Float64Array | Uint8Array) => {
      let total = 0;
      for (let i = 0; i < columns; i++) total += values[i] as number;
      return total;
    };
    const readings = sum(this.#readings);
    const next = columns < this.#held ? (this.#reachedMs[columns] as number) : 0;
    return {
      saturated: readings > 0 ? sum(this.#saturated) / readings : 0,
      filled: sum(this.#filled) / (columns * planes * pixelMm),
      empty: this.#covered.subarray(0, columns * planes).includes(0),
      halted: sum(this.#halted) > 0,
      fromMs: this.#reachedMs[0] || lastMs,
      toMs: next || lastMs,
    };
  }

  /** Samples of the first columns, bad elements taken from the nearest good ones. */
  samples(columns: number, bad: BadPixels, out: Uint16Array): void {
    const { planes, rows } = this.#options;
    for (let cell = 0; cell < columns * planes; cell++) {
      const values = this.#sums.subarray(cell * rows, (cell + 1) * rows);
      if (bad.count > 0) mend(values, bad);
      const covered = this.#covered[cell] as number;
      const scale = covered > 0 ? airLevel / covered : 0;
      for (let row = 0, at = cell * rows; row < rows; row++, at++) {
        const sample = (values[row] as number) * scale + 0.5;
        out[at] = sample > 65_535 ? 65_535 : sample > 0 ? sample : 0;
      }
    }
  }

  /** Forgets the first columns. */
  shift(columns: number): void {
    const { planes, rows } = this.#options;
    const move = (values: Float32Array | Float64Array | Uint8Array, each: number) => {
      values.copyWithin(0, columns * each);
      values.fill(0, values.length - columns * each);
    };
    move(this.#sums, planes * rows);
    move(this.#covered, planes);
    for (const values of [this.#filled, this.#readings, this.#saturated, this.#halted, this.#reachedMs])
      move(values, 1);
    this.base += columns;
  }
}

function addBetween(sums: Float32Array, a: Float32Array, ofA: number, b: Float32Array, ofB: number): void {
  for (let row = 0; row < sums.length; row++)
    sums[row] = (sums[row] as number) + ofA * (a[row] as number) + ofB * (b[row] as number);
}

/** Puts a straight line between the nearest good elements into the bad ones. */
function mend(values: Float32Array, bad: BadPixels): void {
  for (let row = 0; row < values.length; row++) {
    if (bad.map[row] === 0) continue;
    const before = bad.before[row] as number;
    const after = bad.after[row] as number;
    const a = values[before < 0 ? after : before] as number | undefined;
    const b = values[after < 0 ? before : after] as number | undefined;
    const share = before < 0 || after < 0 ? 0 : (row - before) / (after - before);
    values[row] = (a ?? 0) * (1 - share) + (b ?? 0) * share;
  }
}
