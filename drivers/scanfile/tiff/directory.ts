/** A directory of a TIFF file (TIFF 6.0, section 2): its fields by tag, all values as numbers. */
export type Directory = ReadonlyMap<number, readonly number[]>;

/** Tags that are read. */
export const tag = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
} as const;

/** Bytes of a value by type: BYTE, ASCII, SHORT, LONG, RATIONAL. Only whole numbers are read. */
const valueBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };
const maxDirectories = 64;
const maxValues = 200_000;

/** Throws RangeError for what lies outside the file; a file of no TIFF gives undefined. */
export function readDirectories(bytes: Uint8Array): { little: boolean; pages: Directory[] } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 8) return undefined;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return undefined;
  const pages: Directory[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, little); at !== 0; ) {
    if (seen.has(at) || pages.length >= maxDirectories) throw new RangeError('its directories go round');
    seen.add(at);
    const count = view.getUint16(at, little);
    const fields = new Map<number, readonly number[]>();
    for (let i = 0; i < count; i++) {
      const field = at + 2 + i * 12;
      fields.set(view.getUint16(field, little), valuesAt(view, field, little));
    }
    pages.push(fields);
    at = view.getUint32(at + 2 + count * 12, little);
  }
  return { little, pages };
}

function valuesAt(view: DataView, field: number, little: boolean): number[] {
  const size = valueBytes[view.getUint16(field + 2, little)];
  const count = view.getUint32(field + 4, little);
  if (size === undefined) return [];
  if (count > maxValues) throw new RangeError(`a field has ${count} values`);
  const at = count * size <= 4 ? field + 8 : view.getUint32(field + 8, little);
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const place = at + i * size;
    if (size === 1) values.push(view.getUint8(place));
    else values.push(size === 2 ? view.getUint16(place, little) : view.getUint32(place, little));
  }
  return values;
}
