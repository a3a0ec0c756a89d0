/** Writes ONNX models (protobuf, IR 8, opset 17), enough for small networks made by code. */

const opset = 17;
const irVersion = 8;

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** One protobuf field: numbers as varints, text and bytes with their length. */
function field(number: number, value: number | bigint | string | Uint8Array): Buffer {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.concat([varint(number << 3), varint(value)]);
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}
const all = (number: number, values: readonly (string | Uint8Array)[]) =>
  Buffer.concat(values.map((value) => field(number, value)));

const types = { float32: 1, int64: 7, bool: 9 } as const;
type Type = keyof typeof types;

/** Attributes by name: whole numbers, lists of them, text, or a graph. */
export type Attributes = Record<string, number | readonly number[] | string | Graph>;

function attribute([name, value]: [string, Attributes[string]]): Buffer {
  if (typeof value === 'number') return Buffer.concat([field(1, name), field(3, value), field(20, 2)]);
  if (typeof value === 'string') return Buffer.concat([field(1, name), field(4, value), field(20, 3)]);
  if (value instanceof Graph)
    return Buffer.concat([field(1, name), field(6, value.bytes('body')), field(20, 5)]);
  return Buffer.concat([field(1, name), ...value.map((item) => field(8, item)), field(20, 7)]);
}

function valueInfo(name: string, type: Type, dims: readonly (number | string)[]): Buffer {
  const axes = dims.map((dim) => field(1, typeof dim === 'string' ? field(2, dim) : field(1, dim)));
  const tensor = Buffer.concat([field(1, types[type]), field(2, Buffer.concat(axes))]);
  return Buffer.concat([field(1, name), field(2, field(1, tensor))]);
}

/** A graph that is put together node by node; `batch` is a dimension left open. */
export class Graph {
  readonly #nodes: Buffer[] = [];
  readonly #constants: Buffer[] = [];
  readonly #inputs: Buffer[] = [];
  readonly #outputs: Buffer[] = [];
  #names = 0;

  input(name: string, dims: readonly (number | string)[], type: Type = 'float32'): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, dims: readonly (number | string)[], type: Type = 'float32'): void {
    this.#outputs.push(valueInfo(name, type, dims));
  }

  constant(dims: readonly number[], data: Float32Array | BigInt64Array | readonly boolean[]): string {
    const name = `constant${this.#names++}`;
    const type = data instanceof Float32Array ? 'float32' : data instanceof BigInt64Array ? 'int64' : 'bool';
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : Uint8Array.from(data, Number);
    const head = dims.map((dim) => field(1, dim));
    this.#constants.push(Buffer.concat([...head, field(2, types[type]), field(8, name), field(9, bytes)]));
    return name;
  }

  /** Returns the name of its output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output = `t${this.#names++}`,
  ): string {
    const about = Object.entries(attributes).map(attribute);
    this.#nodes.push(Buffer.concat([all(1, inputs), field(2, output), field(4, op), all(5, about)]));
    return output;
  }

  bytes(name: string): Buffer {
    const parts = [all(1, this.#nodes), field(2, name), all(5, this.#constants)];
    return Buffer.concat([...parts, all(11, this.#inputs), all(12, this.#outputs)]);
  }

  model(): Buffer {
    const operators = Buffer.concat([field(1, ''), field(2, opset)]);
    return Buffer.concat([field(1, irVersion), field(7, this.bytes('graph')), field(8, operators)]);
  }
}
