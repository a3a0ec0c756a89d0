import { calendarMs, isoText } from '../moment.ts';
import { axisOf, type Found, finite, NotAsItsForm, type Read, reading, techniqueOf } from './spectrum.ts';

/**
 * SPC files of Galactic (Thermo): the new form (0x4b, header of 512 bytes) and the old one (0x4d, 256 bytes),
 * little-endian. The layout is that of the maker's published header file, as public readers have it.
 */
const newForm = 0x4b;
const oldForm = 0x4d;

/** Bits of the first byte. */
const flags = { words16: 1, many: 4, xyxy: 0x40, xValues: 0x80 } as const;
const xUnits = [
  '{arbitrary}',
  'cm-1',
  'um',
  'nm',
  's',
  'min',
  'Hz',
  'kHz',
  'MHz',
  '{m/z}',
  '[ppm]',
  'd',
  'a',
  'cm-1',
  'eV',
];
const yNames: Readonly<Record<number, string>> = {
  0: 'arbitrary',
  2: 'absorbance',
  3: 'Kubelka-Munk',
  4: 'counts',
  128: 'transmittance',
  129: 'reflectance',
};
/** An exponent that says: the ordinates are 32-bit floats. */
const floats = -128;

/** Whether bytes can be the beginning of such a file. */
export function looksLikeSpc(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // An M is in many a text: the number of points of the old form is a whole one, as a float.
  if (bytes[1] === oldForm) return bytes.length >= 8 && Number.isInteger(view.getFloat32(4, true));
  if (bytes[1] !== newForm || bytes.length < 32) return false;
  const points = view.getUint32(4, true);
  return points < 50_000_000 && Number.isFinite(view.getFloat64(8, true));
}

export const readSpc = (bytes: Uint8Array): Read =>
  reading('SPC', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes[1] === newForm) return readNew(view);
    if (bytes[1] === oldForm) return readOld(view);
    throw new NotAsItsForm(`version ${bytes[1]} is not read`);
  });

/** A few bytes can say millions of points: nothing is made for those before they are there. */
function must(view: DataView, bytes: number): void {
  if (bytes > view.byteLength) throw new NotAsItsForm('it ends in the middle');
}

function readNew(view: DataView): Found[] {
  const bits = view.getUint8(0);
  const exponent = view.getInt8(3);
  const points = view.getUint32(4, true);
  const count = bits & flags.many ? view.getUint32(24, true) : 1;
  if (count > 100_000) throw new NotAsItsForm(`it says ${count} spectra`);
  const unit = xUnits[view.getUint8(28)] ?? '{arbitrary}';
  const time = packedTime(view.getUint32(32, true));
  let at = 512;
  let shared: number[] | undefined;
  if (bits & flags.xValues && !(bits & flags.xyxy)) {
    shared = float32s(view, at, points);
    at += 4 * points;
  } else if (!(bits & flags.xValues)) {
    must(view, at + 2 * points);
    shared = evenly(view.getFloat64(8, true), view.getFloat64(16, true), points);
  }
  const found: Found[] = [];
  for (let i = 0; i < count; i++) {
    const ownPoints = view.getUint32(at + 16, true);
    const length = bits & flags.xyxy && ownPoints > 0 ? ownPoints : points;
    const ownExponent = bits & flags.many ? view.getInt8(at + 1) : exponent;
    at += 32;
    let x = shared;
    if (!x) {
      x = float32s(view, at, length);
      at += 4 * length;
    }
    const wordBytes = bits & flags.words16 && ownExponent !== floats ? 2 : 4;
    const values = finite(ordinates(view, at, length, ownExponent, wordBytes));
    at += wordBytes * length;
    found.push(foundOf(unit, x, values, time, textAt(view, 88, 130), view.getUint8(29)));
  }
  return found;
}

function readOld(view: DataView): Found[] {
  const points = view.getFloat32(4, true);
  if (!(Number.isInteger(points) && points > 0 && points < 10_000_000))
    throw new NotAsItsForm(`it says ${points} points`);
  must(view, 256 + 4 * points);
  const exponent = view.getInt16(2, true);
  const unit = xUnits[view.getUint8(16)] ?? '{arbitrary}';
  const year = view.getUint16(18, true) & 0xfff;
  const parts = [20, 21, 22, 23].map((at) => view.getUint8(at));
  const [month = 0, day = 0, hour = 0, minute = 0] = parts;
  const x = evenly(view.getFloat32(8, true), view.getFloat32(12, true), points);
  const values: number[] = [];
  for (let i = 0; i < points; i++) {
    // Its long words have their halves the other way round.
    const at = 256 + 4 * i;
    const word = (view.getInt16(at, true) << 16) | view.getUint16(at + 2, true);
    values.push(word * 2 ** (exponent - 32));
  }
  const time = isoOf(year, month, day, hour, minute);
  return [foundOf(unit, x, finite(values), time, textAt(view, 64, 130), view.getUint8(17))];
}

function foundOf(
  unit: string,
  x: readonly number[],
  values: readonly number[],
  time: string | undefined,
  title: string,
  yType: number,
): Found {
  const technique = techniqueOf(unit);
  return {
    axis: axisOf(unit, x),
    values,
    ...(technique === undefined ? {} : { technique }),
    ...(time === undefined ? {} : { time }),
    attributes: {
      format: 'spc',
      ...(title === '' ? {} : { title }),
      ...(yNames[yType] === undefined ? {} : { yUnit: yNames[yType] }),
    },
  };
}

const evenly = (first: number, last: number, points: number): number[] =>
  Array.from({ length: points }, (_, i) =>
    points > 1 ? first + ((last - first) * i) / (points - 1) : first,
  );

function float32s(view: DataView, at: number, count: number): number[] {
  must(view, at + 4 * count);
  return Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true));
}

/** Whole numbers with a common power of two, or floats. */
function ordinates(view: DataView, at: number, count: number, exponent: number, bytes: 2 | 4): number[] {
  must(view, at + bytes * count);
  if (exponent === floats) return float32s(view, at, count);
  const scale = 2 ** (exponent - 8 * bytes);
  return Array.from({ length: count }, (_, i) =>
    bytes === 2 ? view.getInt16(at + 2 * i, true) * scale : view.getInt32(at + 4 * i, true) * scale,
  );
}

/** Minute, hour, day, month, year from the low bits up; undefined where it was never set. */
function packedTime(word: number): string | undefined {
  const [minute, hour, day, month] = [word & 63, (word >>> 6) & 31, (word >>> 11) & 31, (word >>> 16) & 15];
  return isoOf(word >>> 20, month, day, hour, minute);
}

function isoOf(year: number, month: number, day: number, hour: number, minute: number): string | undefined {
  return year < 1970 ? undefined : isoText(calendarMs([year, month, day], [hour, minute, 0]));
}

function textAt(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(bytes.subarray(0, end < 0 ? length : end)).trim();
}
