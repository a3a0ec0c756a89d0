/** Words of 16 bits as this machine has them (the low byte first on all that a box runs on), in memory of their own. */
export function wordsOf(bytes: Uint8Array, little: boolean): Uint16Array {
  const own = new Uint8Array(bytes.length - (bytes.length % 2));
  own.set(bytes.subarray(0, own.length));
  if (!little) Buffer.from(own.buffer).swap16();
  return new Uint16Array(own.buffer);
}
