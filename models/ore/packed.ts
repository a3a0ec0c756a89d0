/** Numbers as base64 of little-endian 32-bit floats: seven digits in six characters. */
export const packed = (values: ArrayLike<number>): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

/** Throws RangeError for a text of another length. */
export function unpacked(text: string, length: number): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 4 * length)
    throw new RangeError(`There are ${bytes.length / 4} numbers where ${length} should be.`);
  return Float64Array.from({ length }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Numbers of a lower triangle. */
export const triangleSize = (size: number): number => (size * (size + 1)) / 2;

/** Lower triangle of a square matrix, row by row, and back. */
export const triangleOf = (lower: Float64Array, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Array.from(lower.subarray(i * size, i * size + i + 1))).flat();

export function squareOf(triangle: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0, at = 0; i < size; i++)
    for (let j = 0; j <= i; j++, at++) lower[i * size + j] = triangle[at] as number;
  return lower;
}
