/** Just enough of WebAssembly's binary form for the kernels beside it: functions of locals, loops and 128-bit lanes. */

export type Code = readonly (number | readonly number[])[];

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** LEB128 with a sign: for constants. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 127;
    rest >>= 7;
    const done = (rest === 0 && !(byte & 64)) || (rest === -1 && byte & 64);
    bytes.push(done ? byte : byte | 128);
    if (done) return bytes;
  }
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, body: readonly number[]): number[] => [id, ...unsigned(body.length), ...body];
const text = (name: string): number[] => [...unsigned(name.length), ...Buffer.from(name)];

export const types = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof types;

const simd = (op: number, ...rest: number[]): number[] => [0xfd, ...unsigned(op), ...rest];
/** Unaligned is allowed everywhere; the hint is 8 bytes. */
const at = (offset: number): number[] => [3, ...unsigned(offset)];

export const get = (local: number): number[] => [0x20, ...unsigned(local)];
export const set = (local: number): number[] => [0x21, ...unsigned(local)];
export const constant = (value: number): number[] => [0x41, ...signed(value)];
export const i32 = { add: [0x6a], subtract: [0x6b], lessThan: [0x49] } as const;
export const f64 = { add: [0xa0] } as const;
export const f64x2 = {
  zero: simd(12, ...new Array<number>(16).fill(0)),
  splat: simd(20),
  add: simd(240),
  subtract: simd(241),
  multiply: simd(242),
  /** The lesser of both, lane by lane. */
  least: simd(246),
  lane: (lane: number): number[] => simd(33, lane),
  load: (offset = 0): number[] => simd(0, ...at(offset)),
  loadSplat: (offset = 0): number[] => simd(10, ...at(offset)),
  store: (offset = 0): number[] => simd(11, ...at(offset)),
} as const;
export const storeF64 = (offset = 0): number[] => [0x39, ...at(offset)];

/** local += bytes. */
export const advance = (local: number, by: number): Code => [get(local), constant(by), i32.add, set(local)];

/** Runs `body` at least once, and again while the address in `local` is below the one in `end`. */
export const upTo = (local: number, end: number, body: Code): Code => [
  [0x03, 0x40],
  ...body,
  get(local),
  get(end),
  i32.lessThan,
  [0x0d, 0x00],
  [0x0b],
];

export interface Kernel {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result?: ValueType;
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** The bytes of a module that takes its memory as `env.memory` and exports the kernels by their names. */
function assemble(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const signatures = kernels.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [types[type]])),
    ...vector(result ? [[types[result]]] : []),
  ]);
  const bodies = kernels.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, types[type]])), ...body.flat(), 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(signatures)),
    ...section(2, vector([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, vector(kernels.map((_, i) => unsigned(i)))),
    ...section(7, vector(kernels.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ]);
}

/** What is used of WebAssembly: the compiler's own declarations of it come with those of a browser's page. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The kernels, ready to be called, over a memory of at least so many bytes. Their addresses are bytes from its start. */
export function instantiate<Exports>(
  kernels: readonly Kernel[],
  bytes: number,
): { readonly buffer: ArrayBuffer; readonly kernels: Exports } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const module = new WebAssembly.Module(assemble(kernels));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { buffer: memory.buffer, kernels: exports as Exports };
}
