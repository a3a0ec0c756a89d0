import { NormalEquations } from './normal-equations.ts';
import type { Template } from './template.ts';

/** One range of channels in which two templates are both there. */
interface Overlap {
  readonly row: number;
  readonly column: number;
  readonly from: number;
  readonly to: number;
  /** Place of the channel `from` in the values of either template. */
  readonly rowAt: number;
  readonly columnAt: number;
}

function overlapsOf(templates: readonly Template[], offsets: readonly number[][]): Overlap[] {
  const found: Overlap[] = [];
  for (const [row, a] of templates.entries())
    for (let column = 0; column <= row; column++)
      for (const [s, one] of a.segments.entries())
        for (const [t, other] of (templates[column] as Template).segments.entries()) {
          const from = Math.max(one.start, other.start);
          const to = Math.min(one.start + one.values.length, other.start + other.values.length);
          if (from >= to) continue;
          const rowAt = (offsets[row]?.[s] ?? 0) + from - one.start;
          const columnAt = (offsets[column]?.[t] ?? 0) + from - other.start;
          found.push({ row, column, from, to, rowAt, columnAt });
        }
  return found;
}

/** What is known of an unknown before: its value, and how well, as the inverse of its variance. */
export interface Prior {
  readonly values: Float64Array;
  readonly precisions: Float64Array;
}

/**
 * Weighted least squares of a spectrum on templates of which each covers a few channels: only channels that two of them
 * share cost anything. Templates marked so are never given a negative share (active sets over the normal equations).
 * Templates are best in order of energy, which keeps the factor's envelope small. `fit` allocates nothing.
 */
export class BandedFit {
  readonly size: number;
  readonly areas: Float64Array;
  /** Variance of each area; of one that was held at zero, what it would have if it were let go. */
  readonly variances: Float64Array;
  readonly #values: Float64Array;
  readonly #overlaps: Int32Array;
  readonly #segments: Int32Array;
  readonly #signed: Uint8Array;
  readonly #equations: NormalEquations;
  readonly #places: Int32Array;
  readonly #solution: Float64Array;
  readonly #held: Uint8Array;

  /** `signed` lists the templates that may have a negative share, such as corrections of a baseline. */
  constructor(templates: readonly Template[], signed: readonly number[] = []) {
    this.size = templates.length;
    let next = 0;
    const offsets = templates.map(({ segments }) =>
      segments.map(({ values }) => {
        const from = next;
        next += values.length;
        return from;
      }),
    );
    this.#values = new Float64Array(next);
    const segments: number[] = [];
    for (const [i, template] of templates.entries())
      for (const [s, { start, values }] of template.segments.entries()) {
        const at = offsets[i]?.[s] ?? 0;
        this.#values.set(values, at);
        segments.push(i, start, start + values.length, at);
      }
    this.#segments = Int32Array.from(segments);
    this.#overlaps = Int32Array.from(
      overlapsOf(templates, offsets).flatMap(({ row, column, from, to, rowAt, columnAt }) => [
        row * templates.length + column,
        from,
        to,
        rowAt,
        columnAt,
      ]),
    );
    this.#signed = new Uint8Array(this.size);
    for (const place of signed) this.#signed[place] = 1;
    this.areas = new Float64Array(this.size);
    this.variances = new Float64Array(this.size);
    this.#equations = new NormalEquations(this.size);
    this.#places = new Int32Array(this.size);
    this.#solution = new Float64Array(this.size);
    this.#held = new Uint8Array(this.size);
  }

  /** Fits `net` (counts less the baseline) with `weights` (inverse variances) by channel; false when it cannot. */
  fit(net: Float64Array, weights: Float64Array, prior?: Prior): boolean {
    this.#assemble(net, weights, prior);
    this.#held.fill(0);
    // Each round lets go or holds at least one; twice their number is far more than ever happens.
    for (let round = 0; round < 2 * this.size + 2; round++) {
      const count = this.#free();
      if (!this.#equations.solve(this.#places, count, this.#solution)) return false;
      this.#keep(count);
      if (!this.#hold(count) && !this.#release(round)) break;
    }
    this.#measure();
    return true;
  }

  #assemble(net: Float64Array, weights: Float64Array, prior?: Prior): void {
    const { matrix, right } = this.#equations;
    const overlaps = this.#overlaps;
    const values = this.#values;
    matrix.fill(0);
    right.fill(0);
    for (let o = 0; o < overlaps.length; o += 5) {
      const place = overlaps[o] as number;
      const from = overlaps[o + 1] as number;
      const count = (overlaps[o + 2] as number) - from;
      const a = overlaps[o + 3] as number;
      const b = overlaps[o + 4] as number;
      let sum = 0;
      let more = 0;
      let i = 0;
      for (; i + 1 < count; i += 2) {
        sum += (weights[from + i] as number) * (values[a + i] as number) * (values[b + i] as number);
        more +=
          (weights[from + i + 1] as number) * (values[a + i + 1] as number) * (values[b + i + 1] as number);
      }
      if (i < count)
        sum += (weights[from + i] as number) * (values[a + i] as number) * (values[b + i] as number);
      matrix[place] = (matrix[place] as number) + sum + more;
    }
    const segments = this.#segments;
    for (let s = 0; s < segments.length; s += 4) {
      const row = segments[s] as number;
      const from = segments[s + 1] as number;
      const to = segments[s + 2] as number;
      const at = (segments[s + 3] as number) - from;
      let sum = 0;
      for (let i = from; i < to; i++)
        sum += (weights[i] as number) * (net[i] as number) * (values[at + i] as number);
      right[row] = (right[row] as number) + sum;
    }
    if (!prior) return;
    for (let i = 0; i < this.size; i++) {
      const precision = prior.precisions[i] as number;
      matrix[i * this.size + i] = (matrix[i * this.size + i] as number) + precision;
      right[i] = (right[i] as number) + precision * (prior.values[i] as number);
    }
  }

  /** Places of the unknowns that are not held at zero; a template without any weight is always held. */
  #free(): number {
    const { matrix, size } = this.#equations;
    let count = 0;
    for (let i = 0; i < size; i++) {
      if (!((matrix[i * size + i] as number) > 0)) this.#held[i] = 2;
      if (!this.#held[i]) this.#places[count++] = i;
    }
    return count;
  }

  #keep(count: number): void {
    this.areas.fill(0);
    for (let i = 0; i < count; i++) this.areas[this.#places[i] as number] = this.#solution[i] as number;
  }

  /** Holds what came out negative; whether there was any. */
  #hold(count: number): boolean {
    let any = false;
    for (let i = 0; i < count; i++) {
      const place = this.#places[i] as number;
      if (this.#signed[place] || (this.#solution[i] as number) >= 0) continue;
      this.#held[place] = 1;
      any = true;
    }
    return any;
  }

  /** Lets go the held one whose growth would better the fit most; after many rounds none, so that it ends. */
  #release(round: number): boolean {
    if (round > this.size) return false;
    const { matrix, right, size } = this.#equations;
    let best = -1;
    let most = 0;
    for (let i = 0; i < size; i++) {
      if (this.#held[i] !== 1) continue;
      let gradient = right[i] as number;
      for (let j = 0; j < size; j++) {
        const place = j <= i ? i * size + j : j * size + i;
        gradient -= (matrix[place] as number) * (this.areas[j] as number);
      }
      const gain = gradient / Math.sqrt(matrix[i * size + i] as number);
      if (gain <= most + 1e-9) continue;
      most = gain;
      best = i;
    }
    if (best < 0) return false;
    this.#held[best] = 0;
    return true;
  }

  #measure(): void {
    const count = this.#free();
    const { matrix, size } = this.#equations;
    this.#equations.variances(count, this.#solution);
    for (let i = 0; i < size; i++) {
      const own = matrix[i * size + i] as number;
      this.variances[i] = own > 0 ? 1 / own : Number.POSITIVE_INFINITY;
    }
    for (let i = 0; i < count; i++) this.variances[this.#places[i] as number] = this.#solution[i] as number;
  }
}
