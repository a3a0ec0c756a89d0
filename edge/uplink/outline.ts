/** What is told of a document by its own fields alone. */
export interface Outline {
  readonly kind?: string;
  readonly version?: number;
}

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const openers = new Set([0x7b, 0x5b]);
const closers = new Set([0x7d, 0x5d]);

/**
 * Kind and version of a JSON object in UTF-8 without reading it: what could end the process when it is parsed, by its size or
 * its depth, can still be refused by its version. Needs no memory and no recursion; of what is no JSON it tells nothing or nonsense.
 */
export function outlineOf(payload: Uint8Array): Outline {
  let depth = 0;
  let from = 0;
  let name = '';
  const found: Record<string, string> = {};
  const text = (to: number) => Buffer.from(payload.subarray(from, to)).toString('utf8').trim();
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at] ?? 0;
    if (byte === quote) at = endOfText(payload, at);
    else if (openers.has(byte)) {
      depth += 1;
      if (depth === 1) from = at + 1;
    } else if (closers.has(byte) || (byte === comma && depth === 1)) {
      if (depth === 1 && (name === '"kind"' || name === '"version"')) found[name] = text(at);
      if (depth === 1) [from, name] = [at + 1, ''];
      if (closers.has(byte)) depth -= 1;
    } else if (byte === colon && depth === 1 && name === '') {
      if (at - from < 64) name = text(at);
      from = at + 1;
    }
  }
  const kind = /^"([\w-]{1,40})"$/.exec(found['"kind"'] ?? '')?.[1];
  const version = /^\d{1,15}$/.exec(found['"version"'] ?? '')?.[0];
  return { ...(kind !== undefined && { kind }), ...(version !== undefined && { version: Number(version) }) };
}

/** Place of the quote that ends the text which begins at `at`. */
function endOfText(payload: Uint8Array, at: number): number {
  for (let end = at + 1; end < payload.length; end++) {
    if (payload[end] === backslash) end += 1;
    else if (payload[end] === quote) return end;
  }
  return payload.length;
}
