/**
 * The reversible transform in front of deflate: each sample is replaced by its distance from what its
 * neighbours (above, the same row of the column before, and the corner) let expect, the median edge
 * detector of JPEG-LS (ITU-T T.87), folded to small numbers, low bytes first and then high bytes.
 * Samples are laid out as in `Pixels`; every chunk stands alone.
 */
const expected = (above: number, left: number, corner: number): number => {
  const most = above > left ? above : left;
  const least = above > left ? left : above;
  if (corner >= most) return least;
  return corner <= least ? most : above + left - corner;
};

/** `rows` samples a plane and `stride` samples a column. */
export function predict(samples: Uint16Array, rows: number, stride: number): Uint8Array {
  const { length } = samples;
  const bytes = new Uint8Array(length * 2);
  for (let row = 0, at = 0; at < length; at += 1) {
    const left = at >= stride ? (samples[at - stride] as number) : 0;
    const above = row > 0 ? (samples[at - 1] as number) : left;
    const corner = row > 0 && at >= stride ? (samples[at - stride - 1] as number) : left;
    const off = (((samples[at] as number) - expected(above, left, corner)) << 16) >> 16;
    const folded = (off << 1) ^ (off >> 15);
    bytes[at] = folded;
    bytes[length + at] = folded >> 8;
    row = row + 1 === rows ? 0 : row + 1;
  }
  return bytes;
}

/** The samples again. */
export function restore(bytes: Uint8Array, rows: number, stride: number): Uint16Array<ArrayBuffer> {
  const length = bytes.length >> 1;
  const samples = new Uint16Array(length);
  for (let row = 0, at = 0; at < length; at += 1) {
    const left = at >= stride ? (samples[at - stride] as number) : 0;
    const above = row > 0 ? (samples[at - 1] as number) : left;
    const corner = row > 0 && at >= stride ? (samples[at - stride - 1] as number) : left;
    const folded = (bytes[at] as number) | ((bytes[length + at] as number) << 8);
    samples[at] = expected(above, left, corner) + ((folded >> 1) ^ -(folded & 1));
    row = row + 1 === rows ? 0 : row + 1;
  }
  return samples;
}
