import { type Static, Type } from 'typebox';
import { faults } from '../faults.ts';
import { type Limits, type Plane, type Read, tooLarge } from './whole.ts';
import { wordsOf } from './words.ts';

/** How a vendor writes samples without saying so in the file. */
export const RawLayout = Type.Object(
  {
    headerBytes: Type.Integer({
      description: 'Bytes before the samples.',
      default: 0,
      minimum: 0,
      maximum: 1_000_000,
    }),
    width: Type.Integer({ description: 'Samples of a row, one plane.', minimum: 1, maximum: 1_000_000 }),
    height: Type.Optional(
      Type.Integer({ description: 'Rows; absent: as many as the file has.', minimum: 1, maximum: 1_000_000 }),
    ),
    endian: Type.Enum(['little', 'big'], {
      description: 'Which byte of a sample comes first.',
      default: 'little',
    }),
    bits: Type.Integer({
      description: 'Bits of a sample that count; up to 8 it has one byte, else two.',
      default: 16,
      minimum: 1,
      maximum: 16,
    }),
    planes: Type.Integer({ description: 'Energies.', default: 1, minimum: 1, maximum: 2 }),
    interleave: Type.Enum(['plane', 'line', 'sample'], {
      description: 'Energies follow each other by whole plane, by row, or by sample.',
      default: 'plane',
    }),
  },
  { description: 'How samples lie in a raw file.', additionalProperties: false },
);
export type RawLayout = Static<typeof RawLayout>;

/** First sample of a row of a plane, and from one sample of it to the next. */
function placeOf(layout: RawLayout, height: number, plane: number, row: number): readonly [number, number] {
  const { width, planes, interleave } = layout;
  if (interleave === 'plane') return [(plane * height + row) * width, 1];
  if (interleave === 'line') return [(row * planes + plane) * width, 1];
  return [row * width * planes + plane, planes];
}

/** Samples of a raw file by their layout. */
export function readRaw(bytes: Uint8Array, layout: RawLayout, limits: Limits): Read {
  const { headerBytes, width, planes, bits, endian } = layout;
  const sampleBytes = bits > 8 ? 2 : 1;
  const rowBytes = width * planes * sampleBytes;
  const has = bytes.length - headerBytes;
  const height = layout.height ?? Math.floor(has / rowBytes);
  if (has < height * rowBytes || height <= 0)
    return faults.problem('scanfile.cut', {
      detail: `${bytes.length} bytes, ${headerBytes} of them a header`,
    });
  if (layout.height === undefined && has % rowBytes !== 0)
    return faults.problem('scanfile.cut', { detail: `${has} bytes are no whole rows of ${rowBytes}` });
  const detail = tooLarge({ width, height, planes, slices: 1 }, limits);
  if (detail !== undefined) return faults.problem('scanfile.toolarge', { detail });

  const body = bytes.subarray(headerBytes, headerBytes + height * rowBytes);
  const words = sampleBytes === 2 ? wordsOf(body, endian === 'little') : body;
  const mask = 2 ** bits - 1;
  const made: Plane[] = [];
  for (let plane = 0; plane < planes; plane++) {
    const samples = new Uint16Array(width * height);
    for (let row = 0; row < height; row++) {
      const [first, step] = placeOf(layout, height, plane, row);
      for (let x = 0; x < width; x++) samples[row * width + x] = (words[first + x * step] as number) & mask;
    }
    made.push({ name: plane === 0 ? 'high' : 'low', samples });
  }
  return {
    form: 'raw',
    width,
    height,
    bits,
    slices: [made],
    facts: {},
    inverted: false,
    ownScale: false,
    attributes: {},
    messages: [],
  };
}
