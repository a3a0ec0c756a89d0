import type { BundleManifest } from '../bundle/schema.ts';
import type { Prepare } from '../tasks/task.ts';
import type { Sample } from './protocol.ts';
import { arrayOf, elementsOf, type Tensor, type TensorData, type Tensors } from './tensor.ts';

/** Whether samples can be joined: every input and output has the batch in front. */
export const isBatchable = ({ inputs, outputs }: BundleManifest): boolean =>
  [...inputs, ...outputs].every(({ shape }) => shape[0] === 'batch');

/** Length of each axis of one sample; undefined where the bundle leaves an axis open. */
export function fixedDims(shape: BundleManifest['inputs'][number]['shape']): number[] | undefined {
  const dims = shape.map((axis) => (axis === 'batch' ? 1 : axis));
  return dims.every((axis) => axis !== 'any') ? (dims as number[]) : undefined;
}

/** Sample `at` of a batch of `count`, without a copy. */
function slice({ data, dims }: Tensor, at: number, count: number): Tensor {
  if (count === 1) return { data, dims };
  const length = data.length / count;
  return { data: data.subarray(at * length, (at + 1) * length), dims: [1, ...dims.slice(1)] };
}

const mapTensors = (tensors: Tensors, map: (tensor: Tensor) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));

/** Samples in one batch, by copy; for checks, not for the stream. */
export function joinSamples(manifest: BundleManifest, samples: readonly Tensors[]) {
  const memory = new BatchMemory(manifest, undefined);
  const joined = memory.gather(samples.map((inputs) => ({ inputs, params: undefined })));
  const sampleOf = (outputs: Tensors, at: number) =>
    mapTensors(outputs, (tensor) => slice(tensor, at, samples.length));
  return { joined, sampleOf };
}

/**
 * The memory that ONNX Runtime reads, kept between runs. Its binding takes no SharedArrayBuffer (napi says
 * "Invalid argument"), so what is shared is gathered here in the one pass that joining needs anyway, or that
 * turns samples into inputs.
 */
export class BatchMemory {
  readonly #manifest: BundleManifest;
  readonly #prepare: Prepare | undefined;
  readonly #arrays = new Map<string, TensorData>();

  constructor(manifest: BundleManifest, prepare: Prepare | undefined) {
    this.#manifest = manifest;
    this.#prepare = prepare;
  }

  gather(samples: readonly Sample[]): Tensors {
    const batch = Object.fromEntries(
      this.#manifest.inputs.map(({ name, type, shape }) => {
        const dims = this.#prepare ? fixedDims(shape) : samples[0]?.inputs[name]?.dims;
        if (!dims) throw new TypeError(`input ${name} is missing, or has no fixed shape to prepare`);
        return [name, this.#tensor(name, type, dims, samples.length)];
      }),
    );
    samples.forEach(({ inputs, params }, at) => {
      const slots = mapTensors(batch, (tensor) => slice(tensor, at, samples.length));
      if (this.#prepare) this.#prepare(inputs, params, slots);
      else for (const [name, slot] of Object.entries(slots)) slot.data.set(inputs[name]?.data ?? []);
    });
    return batch;
  }

  #tensor(name: string, type: Parameters<typeof arrayOf>[0], dims: readonly number[], count: number): Tensor {
    const length = elementsOf(dims) * count;
    let data = this.#arrays.get(name);
    if (data?.length !== length) {
      data = new (arrayOf(type))(length);
      this.#arrays.set(name, data);
    } else if (this.#prepare) data.fill(0);
    const shape =
      count > 1 || isBatchable(this.#manifest) ? [(dims[0] ?? 1) * count, ...dims.slice(1)] : dims;
    return { data, dims: shape };
  }

  /** Outputs of each sample in memory of their own: moved to the other thread, and copied only out of a batch. */
  split(outputs: Tensors, count: number): { samples: Tensors[]; buffers: ArrayBuffer[] } {
    const buffers = new Set<ArrayBuffer>();
    const own = ({ data, dims }: Tensor): Tensor => {
      const whole = data.byteLength === data.buffer.byteLength && !buffers.has(data.buffer as ArrayBuffer);
      const moved = whole ? data : data.slice();
      buffers.add(moved.buffer as ArrayBuffer);
      return { data: moved, dims };
    };
    const samples = Array.from({ length: count }, (_, at) =>
      mapTensors(outputs, (tensor) => own(slice(tensor, at, count))),
    );
    return { samples, buffers: [...buffers] };
  }
}
