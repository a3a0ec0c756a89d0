import type { Block, Profile, RegisterReading } from './profile.ts';
import { isBits, wordsOf } from './profile.ts';

type Orders = Pick<Profile, 'wordOrder' | 'byteOrder'>;

/** Bytes of a value in network order, whatever order the device has. */
function bytesOf(data: Uint8Array, at: number, words: number, orders: Orders): DataView {
  const out = new Uint8Array(2 * words);
  for (let word = 0; word < words; word++) {
    const from = 2 * (at + (orders.wordOrder === 'big' ? word : words - 1 - word));
    const [high, low] = orders.byteOrder === 'big' ? [from, from + 1] : [from + 1, from];
    out[2 * word] = data[high] as number;
    out[2 * word + 1] = data[low] as number;
  }
  return new DataView(out.buffer);
}

/** Packed decimals; NaN for a nibble that is no digit. */
function decimals(view: DataView): number {
  const text = view.getUint32(0).toString(16);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** The raw value of a reading, before scaling. */
export function rawValue(
  data: Uint8Array,
  block: Pick<Block, 'functionCode'>,
  { at, type, bit }: Pick<RegisterReading, 'at' | 'type' | 'bit'>,
  orders: Orders,
): number {
  if (isBits(block)) return ((data[at >> 3] as number) >> (at & 7)) & 1;
  const view = bytesOf(data, at, wordsOf(type), orders);
  switch (type) {
    case 'i16':
      return view.getInt16(0);
    case 'u32':
      return view.getUint32(0);
    case 'i32':
      return view.getInt32(0);
    case 'u64':
      return Number(view.getBigUint64(0));
    case 'f32':
      return view.getFloat32(0);
    case 'f64':
      return view.getFloat64(0);
    case 'bcd32':
      return decimals(view);
    case 'bit':
      return (view.getUint16(0) >> (bit ?? 0)) & 1;
    default:
      return view.getUint16(0);
  }
}
