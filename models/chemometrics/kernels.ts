import {
  advance,
  type Code,
  f64,
  f64x2,
  get,
  instantiate,
  type Kernel,
  set,
  storeF64,
  upTo,
} from '../simd/assembler.ts';

/** Bytes of a number, and of two that are worked on together. */
const word = 8;
const pair = 2 * word;

/** Outputs that the filter makes side by side. */
const filterLanes = 8;
/** Rows that are multiplied side by side: as many sums as a core can keep going at once. */
export const rowLanes = 8;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** out[i] = sum over j of weights[j] in[i+j]; `end` is the end of `out`, rounded up to eight outputs. */
function filter(): Kernel {
  const [input, output, weights, weightsEnd, end, tap, from] = [0, 1, 2, 3, 4, 5, 6];
  const first = 7;
  const pairs = range(filterLanes / 2);
  const step: Code = [
    ...pairs.flatMap((p) => [
      get(first + p),
      get(from),
      f64x2.load(p * pair),
      get(tap),
      f64x2.loadSplat(),
      f64x2.multiply,
      f64x2.add,
      set(first + p),
    ]),
    ...advance(from, word),
    ...advance(tap, word),
  ];
  const body = upTo(output, end, [
    ...pairs.flatMap((p) => [f64x2.zero, set(first + p)]),
    ...[get(weights), set(tap), get(input), set(from)],
    ...upTo(tap, weightsEnd, step),
    ...pairs.flatMap((p) => [get(output), get(first + p), f64x2.store(p * pair)]),
    ...advance(input, filterLanes * word),
    ...advance(output, filterLanes * word),
  ]);
  const locals = ['i32', 'i32', ...pairs.map(() => 'v128' as const)] as const;
  return { name: 'filter', parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], locals, body };
}

/** Both lanes of the sum of two locals. */
const total = (a: number, b: number, into: number): Code => [
  ...[get(a), get(b), f64x2.add, set(into)],
  ...[get(into), f64x2.lane(0), get(into), f64x2.lane(1), f64.add],
];

/** Sum, and sum of squares, of values less `from`, to `out`; the count is a multiple of four. */
function moments(): Kernel {
  const [input, end, from, out] = [0, 1, 2, 3];
  const [origin, value, sumA, sumB, squareA, squareB] = [4, 5, 6, 7, 8, 9];
  const take = (offset: number, sum: number, square: number): Code => [
    ...[get(input), f64x2.load(offset), get(origin), f64x2.subtract, set(value)],
    ...[get(sum), get(value), f64x2.add, set(sum)],
    ...[get(square), get(value), get(value), f64x2.multiply, f64x2.add, set(square)],
  ];
  const body = [
    ...[get(from), f64x2.splat, set(origin)],
    ...upTo(input, end, [
      ...take(0, sumA, squareA),
      ...take(pair, sumB, squareB),
      ...advance(input, 2 * pair),
    ]),
    ...[get(out), ...total(sumA, sumB, value), storeF64()],
    ...[get(out), ...total(squareA, squareB, value), storeF64(word)],
  ];
  const locals = range(6).map(() => 'v128' as const);
  return { name: 'moments', parameters: ['i32', 'i32', 'f64', 'i32'], locals, body };
}

/** values[i] = gain values[i] - shift - mean[i]; gives the sum of their squares. The count is a multiple of four. */
function centre(): Kernel {
  const [values, end, mean, gain, shift] = [0, 1, 2, 3, 4];
  const [gains, shifts, value, sumA, sumB] = [5, 6, 7, 8, 9];
  const take = (offset: number, sum: number): Code => [
    ...[get(values), f64x2.load(offset), get(gains), f64x2.multiply, get(shifts), f64x2.subtract],
    ...[get(mean), f64x2.load(offset), f64x2.subtract, set(value)],
    ...[get(values), get(value), f64x2.store(offset)],
    ...[get(sum), get(value), get(value), f64x2.multiply, f64x2.add, set(sum)],
  ];
  const body = [
    ...[get(gain), f64x2.splat, set(gains), get(shift), f64x2.splat, set(shifts)],
    ...upTo(values, end, [
      ...take(0, sumA),
      ...take(pair, sumB),
      ...advance(values, 2 * pair),
      ...advance(mean, 2 * pair),
    ]),
    ...total(sumA, sumB, value),
  ];
  const locals = range(5).map(() => 'v128' as const);
  return { name: 'centre', parameters: ['i32', 'i32', 'i32', 'f64', 'f64'], result: 'f64', locals, body };
}

/**
 * out[r] = sum over i of values[i] rows[r][i]. Rows come in blocks of eight, in which two values of each row lie side by
 * side: row 0 at i and i+1, row 1 at i and i+1, …; the count of values is even.
 */
function project(): Kernel {
  const [values, end, rows, out, outEnd, at, value] = [0, 1, 2, 3, 4, 5, 6];
  const first = 7;
  const lanes = range(rowLanes);
  const step: Code = [
    ...[get(at), f64x2.load(), set(value)],
    ...lanes.flatMap((lane) => [
      ...[get(first + lane), get(value), get(rows), f64x2.load(lane * pair)],
      ...[f64x2.multiply, f64x2.add, set(first + lane)],
    ]),
    ...advance(at, pair),
    ...advance(rows, rowLanes * pair),
  ];
  const body = upTo(out, outEnd, [
    ...lanes.flatMap((lane) => [f64x2.zero, set(first + lane)]),
    ...[get(values), set(at)],
    ...upTo(at, end, step),
    ...lanes.flatMap((lane) => [
      get(out),
      ...[get(first + lane), f64x2.lane(0), get(first + lane), f64x2.lane(1), f64.add],
      storeF64(lane * word),
    ]),
    ...advance(out, rowLanes * word),
  ]);
  const locals = ['i32', ...range(rowLanes + 1).map(() => 'v128' as const)] as const;
  return { name: 'project', parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], locals, body };
}

/** Addresses are bytes from the start of the memory. */
export interface Kernels {
  filter(input: number, output: number, weights: number, weightsEnd: number, end: number): void;
  moments(input: number, end: number, from: number, out: number): void;
  centre(values: number, end: number, mean: number, gain: number, shift: number): number;
  project(values: number, end: number, rows: number, out: number, outEnd: number): void;
}

/** Two numbers at a time (SIMD of WebAssembly, double precision), over a memory of at least so many bytes. */
export const kernelsOver = (bytes: number) =>
  instantiate<Kernels>([filter(), moments(), centre(), project()], bytes);
