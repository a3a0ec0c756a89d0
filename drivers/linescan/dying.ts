import type { BadPixels } from './bad-pixels.ts';

/**
 * Focal spot and detector response spread every edge over more than an element (1.2 elements FWHM): what is opaque
 * and one element high still lets a third of the light through, and what is higher shades its neighbours as well.
 * So below the first share of both neighbours, with neighbours above the second share of theirs, nothing real is.
 */
const deadShare = 0.2;
const unshadedShare = 0.8;
/** Transmission of the neighbours below which noise and scatter decide. */
const leastNeighbour = 0.01;
/** Lines that were looked at and in which an element has to be dead. */
const deadLines = 4;
const deadOfLines = 0.1;
/** Equal readings in a row, and how many the neighbours may have meanwhile. */
const stuckLines = 16;
const alikeLines = 4;

/** Of the lines of an energy each fourth is looked at: looking costs as much as calibrating. */
const every = 4;

/** Finds elements that die while a scan goes on: dark between light neighbours, or stuck while they vary. */
export class Dying {
  readonly #dead: Uint16Array;
  readonly #last: readonly Uint16Array[];
  readonly #same: readonly Uint16Array[];
  /** Lines until the next that is looked at, by plane. */
  readonly #rest: Uint8Array;
  #lines = 0;

  constructor(elements: number, planes: number) {
    this.#rest = new Uint8Array(planes);
    this.#dead = new Uint16Array(elements);
    this.#last = Array.from({ length: planes }, () => new Uint16Array(elements));
    this.#same = Array.from({ length: planes }, () => new Uint16Array(elements));
  }

  see(samples: Uint16Array, transmission: Float32Array, plane: number, bad: BadPixels): void {
    const rest = this.#rest[plane] as number;
    this.#rest[plane] = rest > 0 ? rest - 1 : every - 1;
    if (rest > 0) return;
    const last = this.#last[plane] as Uint16Array;
    const same = this.#same[plane] as Uint16Array;
    const dead = this.#dead;
    const { before, after } = bad;
    this.#lines++;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      same[i] = sample === last[i] ? (same[i] as number) + 1 : 0;
      last[i] = sample;
      const left = before[i] as number;
      const right = after[i] as number;
      if (left < 0 || right < 0) continue; // at an end of the row there is no neighbour, and no judgement
      const a = transmission[left] as number;
      const b = transmission[right] as number;
      const least = a < b ? a : b;
      if (least <= leastNeighbour || (transmission[i] as number) >= deadShare * least) continue;
      const shaded =
        a < unshadedShare * beyond(transmission, before[left] as number) ||
        b < unshadedShare * beyond(transmission, after[right] as number);
      if (!shaded) dead[i] = (dead[i] as number) + 1;
    }
  }

  /** Adds to `bad` what was found since the last time. */
  judge(bad: BadPixels): void {
    const enough = Math.max(deadLines, this.#lines * deadOfLines);
    for (let i = 0; i < this.#dead.length; i++)
      if (bad.map[i] === 0 && ((this.#dead[i] as number) >= enough || this.#stuck(i, bad))) bad.add(i);
    this.#dead.fill(0);
    this.#lines = 0;
  }

  #stuck(element: number, bad: BadPixels): boolean {
    const before = bad.before[element] as number;
    const after = bad.after[element] as number;
    return this.#same.some(
      (same) =>
        (same[element] as number) >= stuckLines &&
        (same[before] as number) < alikeLines &&
        (same[after] as number) < alikeLines,
    );
  }
}

const beyond = (transmission: Float32Array, element: number): number =>
  element < 0 ? 0 : (transmission[element] as number);
