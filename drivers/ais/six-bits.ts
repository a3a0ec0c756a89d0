/** Value of a payload character (ITU-R M.1371 as NMEA 0183 carries it: 48..87 and 96..119); 255 for others. */
const values = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 48 && byte <= 87) return byte - 48;
  if (byte >= 96 && byte <= 119) return byte - 56;
  return 255;
});

/** Characters from `from` to `to` as six bits each; undefined where one is none of the alphabet. */
export function sixBits(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const out = new Uint8Array(to - from);
  for (let at = from; at < to; at++) {
    const value = values[bytes[at] as number] as number;
    if (value === 255) return undefined;
    out[at - from] = value;
  }
  return out;
}

/** Powers of two: what is shifted may be longer than 32 bits. */
const power = Array.from({ length: 54 }, (_, i) => 2 ** i);

/** The bits of one message. Reading past the end is the caller's error: lengths are checked by type. */
export class Bits {
  readonly length: number;
  readonly #six: Uint8Array;

  constructor(six: Uint8Array, fill: number) {
    this.#six = six;
    this.length = six.length * 6 - fill;
  }

  /** Unsigned, up to 40 bits. */
  u(start: number, length: number): number {
    const six = this.#six;
    let at = (start / 6) | 0;
    let have = 6 - (start - at * 6);
    let value = (six[at] as number) & ((1 << have) - 1);
    if (length <= 24) {
      for (; have < length; have += 6) value = (value << 6) | (six[++at] as number);
      return value >> (have - length);
    }
    while (have < length) {
      value = value * 64 + (six[++at] as number);
      have += 6;
    }
    return have === length ? value : Math.floor(value / (power[have - length] as number));
  }

  /** Signed, two's complement. */
  s(start: number, length: number): number {
    const value = this.u(start, length);
    return value >= (power[length - 1] as number) ? value - (power[length] as number) : value;
  }

  flag(at: number): boolean {
    return (((this.#six[(at / 6) | 0] as number) >> (5 - (at % 6))) & 1) === 1;
  }

  /** Text of six-bit characters up to the first `@`, without spaces at the end; undefined when nothing is left. */
  text(start: number, length: number): string | undefined {
    let text = '';
    const end = Math.min(start + length, this.length) - 5;
    for (let at = start; at < end; at += 6) {
      const value = this.u(at, 6);
      if (value === 0) break;
      text += String.fromCharCode(value < 32 ? value + 64 : value);
    }
    const trimmed = text.trim();
    return trimmed === '' ? undefined : trimmed;
  }

  /** Whole bytes as hexadecimal; the last one is filled up with zeros. */
  hex(start: number, length: number): string {
    let text = '';
    for (let at = start; at < start + length; at += 8) {
      const bits = Math.min(8, start + length - at);
      text += (this.u(at, bits) << (8 - bits)).toString(16).padStart(2, '0');
    }
    return text;
  }
}
