/** Mulberry32: the same seed gives the same inputs. */
export function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What programs are wrong about where a text has a number or a name. */
const awkward = [
  '0',
  '-1',
  '1e999',
  '-1e-400',
  'NaN',
  '4294967296',
  '9007199254740993',
  '',
  ' ',
  '1'.repeat(400),
];
/** Longer inputs are cut: files of a decoder's frames are shorter. */
const maxBytes = 8000;

/** A word or a number at a place or behind it, put out for an awkward one or for one of another input. */
function reworded(bytes: Buffer, at: number, other: Buffer, random: () => number): Buffer {
  const word = /[\w.+-]+/g;
  word.lastIndex = at;
  const found = word.exec(bytes.toString('latin1'));
  if (!found) return bytes;
  const words = random() < 0.5 ? awkward : (other.toString('latin1').match(word) ?? awkward);
  const put = words[Math.floor(random() * words.length)] ?? '';
  return Buffer.concat([
    bytes.subarray(0, found.index),
    Buffer.from(put, 'latin1'),
    bytes.subarray(found.index + found[0].length),
  ]);
}

/** An input or a piece of it with some of its bytes or words changed, doubled, left out or put in, or the end of another behind it. */
export function mutated(whole: Buffer, other: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const from = random() < 0.7 ? 0 : below(whole.length);
  const length = random() < 0.5 ? maxBytes : 1 + below(600);
  let bytes: Buffer = Buffer.from(whole.subarray(from, from + length));
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const at = below(bytes.length);
    const cut = below(8);
    const kind = below(6);
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] = (bytes[at] as number) ^ (1 << below(8));
    else if (kind === 2) bytes = Buffer.concat([before, behind.subarray(cut)]);
    else if (kind === 3) bytes = Buffer.concat([before, behind.subarray(0, cut), behind]);
    else if (kind === 4) {
      const tail = other.subarray(below(other.length)).subarray(0, 200);
      // In the midst of it, or instead of the rest.
      bytes = Buffer.concat([before, tail, ...(random() < 0.5 ? [behind] : [])]);
    } else bytes = reworded(bytes, at, other, random);
    if (bytes.length === 0) bytes = Buffer.from([below(256)]);
  }
  return bytes.subarray(0, maxBytes);
}
