const space = 0x20;
/** A topic of at most so many bytes, and a space, stand before the payload. */
export const topicBytes = 1024;

/** A payload, or a topic, a space and a payload. */
export function splitLine(line: Uint8Array): { topic: string | undefined; payload: Uint8Array } {
  const first = line[0];
  const at = first === 0x7b || first === 0x5b ? -1 : line.indexOf(space);
  if (at <= 0 || at > topicBytes) return { topic: undefined, payload: line };
  const topic = Buffer.from(line.buffer, line.byteOffset, at).toString('utf8');
  return { topic, payload: line.subarray(at + 1) };
}
