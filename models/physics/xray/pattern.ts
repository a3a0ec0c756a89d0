import type { Pattern } from './solids.ts';

/** Mean over a span of x of a density that repeats, in constant time. */
export class PatternMean {
  readonly #pattern: Pattern;
  readonly #period: number;
  readonly #total: number;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
    this.#period = pattern.parts.reduce((sum, part) => sum + part.mm, 0);
    this.#total = pattern.parts.reduce((sum, part) => sum + part.mm * part.share, 0);
    if (!(this.#period > 0)) throw new RangeError('A pattern has to have a length.');
  }

  over(from: number, to: number): number {
    return (this.#integral(to) - this.#integral(from)) / (to - from);
  }

  #integral(x: number): number {
    const turns = Math.floor((x - this.#pattern.startMm) / this.#period);
    let left = x - this.#pattern.startMm - turns * this.#period;
    let sum = turns * this.#total;
    for (const { mm, share } of this.#pattern.parts) {
      if (left <= mm) return sum + left * share;
      sum += mm * share;
      left -= mm;
    }
    return sum;
  }
}

const lattices = 16;

/** Upright round things of `diameter`, one every `pitch` along x: the share of the depth that they fill. */
export function roundsPattern(startMm: number, pitch: number, diameter: number): Pattern {
  const radius = diameter / 2;
  const step = diameter / lattices;
  const parts = Array.from({ length: lattices }, (_, i) => {
    const offset = (i + 0.5) * step - radius;
    return { mm: step, share: Math.sqrt(Math.max(0, 1 - (offset / radius) ** 2)) };
  });
  return { startMm, parts: pitch > diameter ? [...parts, { mm: pitch - diameter, share: 0 }] : parts };
}
