import { calendarMs, isoText } from '../moment.ts';
import { axisOf, type Found, finite, NotAsItsForm, type Read, reading } from './spectrum.ts';

/**
 * Files of ASD (Malvern Panalytical) field spectrometers: a header of 484 bytes, then the spectrum, little-endian;
 * fields at the places where public readers have them.
 */
const headerBytes = 484;
const types = [
  'raw',
  'reflectance',
  'radiance',
  'unitless',
  'irradiance',
  'quality index',
  'transmittance',
  'unknown',
  'absorbance',
];
const sizes = [4, 4, 8] as const;

/** `ASD`, or `as2` to `as8`. */
export const looksLikeAsd = (bytes: Uint8Array): boolean =>
  /^(ASD|as[2-8])$/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 3)));

export const readAsd = (bytes: Uint8Array): Read =>
  reading('ASD', () => {
    if (bytes.length < headerBytes) throw new NotAsItsForm('it ends in its header');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const channels = view.getUint16(204, true);
    const kind = view.getUint8(199);
    const size = sizes[kind];
    if (size === undefined) throw new NotAsItsForm(`values of kind ${kind} are not read`);
    if (bytes.length < headerBytes + channels * size) throw new NotAsItsForm('it ends in its spectrum');
    const first = view.getFloat32(191, true);
    const step = view.getFloat32(195, true);
    if (!(step > 0 && first > 0)) throw new NotAsItsForm(`wavelengths from ${first} by ${step} cannot be`);
    const values = Array.from({ length: channels }, (_, i) => valueAt(view, headerBytes + i * size, kind));
    const time = structTime(view, 160);
    const found: Found = {
      axis: axisOf(
        'nm',
        Array.from({ length: channels }, (_, i) => first + step * i),
      ),
      values: finite(values),
      technique: 'nir',
      ...(time === undefined ? {} : { time }),
      attributes: {
        format: 'asd',
        yUnit: types[view.getUint8(186)] ?? 'unknown',
        darkCorrected: view.getUint8(181) !== 0,
        ...epoch('darkTime', view.getInt32(182, true)),
        ...epoch('whiteTime', view.getInt32(187, true)),
        integrationMs: view.getUint32(390, true),
        darkCount: view.getUint16(425, true),
        whiteCount: view.getUint16(427, true),
        sampleCount: view.getUint16(429, true),
        instrument: view.getUint16(400, true),
      },
    };
    return [found];
  });

function valueAt(view: DataView, at: number, kind: number): number {
  if (kind === 0) return view.getFloat32(at, true);
  return kind === 1 ? view.getInt32(at, true) : view.getFloat64(at, true);
}

const epoch = (name: string, seconds: number): Record<string, string> =>
  seconds > 0 ? { [name]: new Date(seconds * 1000).toISOString() } : {};

/** A `struct tm` of nine short words, local time of the instrument taken as UTC: its zone is not in the file. */
function structTime(view: DataView, at: number): string | undefined {
  const [second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = [0, 1, 2, 3, 4, 5].map((i) =>
    view.getInt16(at + 2 * i, true),
  );
  if (year < 70 || year > 300) return undefined;
  return isoText(calendarMs([1900 + year, month + 1, day], [hour, minute, second]));
}
