/** The runtime has a decoder of GBK and no encoder: its table, turned round. */
function inverse(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const table = new Map<string, readonly [number, number]>();
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue;
      const char = decoder.decode(Uint8Array.of(high, low));
      if (char.length === 1 && char !== '\ufffd' && !table.has(char)) table.set(char, [high, low]);
    }
  return table;
}

const table = inverse();

/** Text as GBK; a character that GBK has not becomes a question mark. */
export function gbkBytes(text: string): number[] {
  return [...text].flatMap((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 ? [code] : (table.get(char) ?? [0x3f]);
  });
}
