import { advance, f64x2, get, instantiate, type Kernel, set, upTo } from '../simd/assembler.ts';

const word = 8;
const pair = 2 * word;
/** Numbers that the kernel makes at a time, and so may make past the end. */
const stride = 4;

/** next[i] = the lesser of now[i] and the mean of its neighbours at a distance; addresses of the first i. */
function clip(): Kernel {
  const [now, below, above, next, end, half, mean] = [0, 1, 2, 3, 4, 5, 6];
  const one = (offset: number) => [
    ...[get(below), f64x2.load(offset), get(above), f64x2.load(offset), f64x2.add],
    ...[get(half), f64x2.multiply, set(mean)],
    ...[get(next), get(now), f64x2.load(offset), get(mean), f64x2.least, f64x2.store(offset)],
  ];
  const body = [
    ...[[0x44, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f], f64x2.splat, set(half)], // 0.5
    ...upTo(next, end, [
      ...one(0),
      ...one(pair),
      ...[now, below, above, next].flatMap((local) => advance(local, stride * word)),
    ]),
  ];
  return { name: 'clip', parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], locals: ['v128', 'v128'], body };
}

interface Kernels {
  clip(now: number, below: number, above: number, next: number, end: number): void;
}

/**
 * The baseline under peaks by clipping (SNIP; Ryan et al., Nucl. Instrum. Methods B 34 (1988) 396; windows from wide to
 * narrow: Morhac et al., NIM A 401 (1997) 113). Roots of counts are clipped, whose noise is the same everywhere.
 */
export class Snip {
  readonly #channels: number;
  readonly #widths: Int32Array;
  readonly #kernels: Kernels;
  readonly #buffers: readonly [Float64Array, Float64Array];

  /** `widths` are the half widths of the clipping, channels, in the order in which they are applied. */
  constructor(channels: number, widths: Int32Array) {
    this.#channels = channels;
    this.#widths = widths.filter((width) => 2 * width < channels);
    const bytes = (channels + stride) * word;
    const { buffer, kernels } = instantiate<Kernels>([clip()], 2 * bytes);
    this.#kernels = kernels;
    this.#buffers = [
      new Float64Array(buffer, 0, channels + stride),
      new Float64Array(buffer, bytes, channels + stride),
    ];
  }

  /** Baseline of `counts` into `baseline`; allocates nothing. */
  apply(counts: Float64Array, baseline: Float64Array): void {
    const size = this.#channels;
    let [now, next] = this.#buffers;
    for (let i = 0; i < size; i++) next[i] = Math.sqrt(Math.max(0, counts[i] as number) + 0.375);
    smooth(next, now, size);
    for (let step = 0; step < this.#widths.length; step++) {
      const width = this.#widths[step] as number;
      const [from, into] = [now.byteOffset + width * word, next.byteOffset + width * word];
      const end = next.byteOffset + (size - width) * word;
      this.#kernels.clip(from, from - width * word, from + width * word, into, end);
      // Both ends have no neighbour on one side, and the kernel runs past its end.
      for (let i = 0; i < width; i++) {
        next[i] = now[i] as number;
        next[size - 1 - i] = now[size - 1 - i] as number;
      }
      const spare = now;
      now = next;
      next = spare;
    }
    for (let i = 0; i < size; i++) {
      const root = now[i] as number;
      baseline[i] = Math.max(0, root * root - 0.375);
    }
  }
}

/** Three points by 1, 2, 1: what is clipped is else the noise. */
function smooth(from: Float64Array, into: Float64Array, size: number): void {
  const last = size - 1;
  into[0] = from[0] as number;
  into[last] = from[last] as number;
  for (let i = 1; i < last; i++)
    into[i] = ((from[i - 1] as number) + 2 * (from[i] as number) + (from[i + 1] as number)) / 4;
}

/** From wide to narrow: `steps` widths, the widest `widest` channels. */
export const clippingWidths = (widest: number, steps: number): Int32Array =>
  Int32Array.from({ length: steps }, (_, i) => Math.max(1, Math.round((widest * (steps - i)) / steps)));
