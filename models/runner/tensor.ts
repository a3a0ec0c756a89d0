import type { ElementType } from '../bundle/schema.ts';

/** Elements of a tensor, row-major. Over a SharedArrayBuffer they reach a worker without a copy. */
export type TensorData = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array;

export interface Tensor {
  readonly data: TensorData;
  /** Length of each axis, the batch axis included (1 for one sample). */
  readonly dims: readonly number[];
}
export type Tensors = Readonly<Record<string, Tensor>>;

const arrays = {
  bool: Uint8Array,
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
} as const satisfies Record<ElementType, unknown>;

export const arrayOf = (type: ElementType) => arrays[type];
export const elementsOf = (dims: readonly number[]): number =>
  dims.reduce((product, dim) => product * dim, 1);

/** The same elements in memory that all threads see: what is handed to a runner by handle. */
export function sharedCopy(data: TensorData): TensorData {
  const array = data.constructor as new (buffer: SharedArrayBuffer) => TensorData;
  const copy = new array(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
