import { inflateSync } from 'node:zlib';

/** Compressions that are read (TIFF 6.0 sections 9 and 13, and the Deflate of Adobe's notes). */
export const compressions: Readonly<Record<number, (packed: Uint8Array, bytes: number) => Uint8Array>> = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflate,
  32946: inflate,
  32773: unpackBits,
};

/** Never makes more than is asked for, whatever is packed. */
function inflate(packed: Uint8Array, bytes: number): Uint8Array {
  return inflateSync(packed, { maxOutputLength: Math.max(1, bytes) });
}

function unpackBits(packed: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  let to = 0;
  for (let at = 0; at < packed.length && to < bytes; ) {
    const head = packed[at++] as number;
    if (head === 128) continue;
    if (head < 128) {
      const run = packed.subarray(at, at + Math.min(head + 1, bytes - to));
      out.set(run, to);
      to += run.length;
      at += head + 1;
    } else {
      const run = Math.min(257 - head, bytes - to);
      out.fill(packed[at++] ?? 0, to, to + run);
      to += run;
    }
  }
  return out.subarray(0, to);
}

const clear = 256;
const end = 257;

/** LZW as TIFF has it: codes of 9 to 12 bits, the highest bit first, the width changing one code early. */
function unpackLzw(packed: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  // An entry is a stretch of what came out already: no strings are kept.
  const from = new Int32Array(4096);
  const length = new Int32Array(4096);
  let next = 258;
  let width = 9;
  let held = 0;
  let bits = 0;
  let to = 0;
  let before: readonly [number, number] | undefined;
  for (let at = 0; to < bytes; ) {
    while (bits < width && at < packed.length) {
      held = ((held << 8) | (packed[at++] as number)) & 0xffffff;
      bits += 8;
    }
    if (bits < width) break;
    const code = (held >> (bits - width)) & ((1 << width) - 1);
    bits -= width;
    if (code === end) break;
    if (code === clear) {
      next = 258;
      width = 9;
      before = undefined;
      continue;
    }
    if (code > next || (code === next && !before))
      throw new RangeError('its LZW has a code that is none yet');
    if (before && next < 4096) {
      from[next] = before[0];
      length[next] = before[1] + 1; // and the byte that comes now
      next++;
    }
    const start = to;
    const run = code < 256 ? 1 : Math.min(length[code] as number, bytes - to);
    if (code < 256) out[to] = code;
    else for (let i = 0; i < run; i++) out[to + i] = out[(from[code] as number) + i] as number;
    to += run;
    before = [start, run];
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  return out.subarray(0, to);
}
