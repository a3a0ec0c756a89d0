import { kernelOf } from './blur.ts';
import type { Projector } from './projector.ts';

/** Lines of a scene at any place: worked out on a grid, once each, and interpolated between. */
export class LineGrid {
  readonly #projector: Projector;
  readonly #stepMm: number;
  readonly #apertureMm: number;
  readonly #kernel: Float64Array;
  readonly #known = new Map<number, { readonly high: Float32Array; readonly low: Float32Array }>();
  readonly #line: Float32Array;

  /** `apertureMm`: how much of the object a line is the mean of. `sigmaRows`: blur along the detector. */
  constructor(projector: Projector, apertureMm: number, sigmaRows: number) {
    this.#projector = projector;
    this.#apertureMm = apertureMm;
    this.#stepMm = apertureMm / 2;
    this.#kernel = kernelOf(sigmaRows);
    this.#line = new Float32Array(projector.tracer.fan.rows);
  }

  /** Transmission around x, mm; holds until the next call. */
  at(xMm: number, energy: 'high' | 'low'): Float32Array {
    const place = xMm / this.#stepMm;
    const index = Math.floor(place);
    const share = place - index;
    const before = this.#lineOf(index)[energy];
    const after = this.#lineOf(index + 1)[energy];
    for (let row = 0; row < before.length; row++)
      this.#line[row] = (before[row] as number) * (1 - share) + (after[row] as number) * share;
    return this.#line;
  }

  #lineOf(index: number) {
    const known = this.#known.get(index);
    if (known) return known;
    const middle = index * this.#stepMm;
    const { high, low } = this.#projector.at(middle - this.#apertureMm / 2, middle + this.#apertureMm / 2);
    const made = { high: this.#blurred(high), low: this.#blurred(low) };
    // A truck that goes back goes back a little.
    if (this.#known.size > 64)
      for (const old of [...this.#known.keys()].slice(0, 32)) this.#known.delete(old);
    this.#known.set(index, made);
    return made;
  }

  #blurred(line: Float32Array): Float32Array {
    const half = this.#kernel.length >> 1;
    return line.map((_, row) => {
      let sum = 0;
      for (let k = -half; k <= half; k++)
        sum +=
          (this.#kernel[k + half] as number) *
          (line[Math.min(line.length - 1, Math.max(0, row + k))] as number);
      return sum;
    });
  }
}
