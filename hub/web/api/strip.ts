import type { StripHeader } from '#hub/api/types';

/** Columns of a scan as they came on the live stream; samples as in flows/scan `Pixels`. */
export interface Strip {
  readonly header: StripHeader;
  readonly samples: Uint16Array;
}

/**
 * Reads a binary message: u32 length of the header, the header as JSON, padding to 4 bytes, samples, all
 * little-endian. Undefined for what is no strip, or does not hold as many samples as it says.
 */
export function readStrip(data: ArrayBuffer): Strip | undefined {
  if (data.byteLength < 4) return undefined;
  const length = new DataView(data).getUint32(0, true);
  if (length > data.byteLength - 4) return undefined;
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
  } catch {
    return undefined;
  }
  if (!isHeader(header)) return undefined;
  const begin = 4 + Math.ceil(length / 4) * 4;
  const count = header.columns * header.rows * header.planes.length;
  if (data.byteLength - begin !== count * 2) return undefined;
  return { header, samples: samplesAt(data, begin, count) };
}

/** Samples out of bytes that are little-endian whatever the machine is. */
export function samplesAt(data: ArrayBuffer, begin: number, count: number): Uint16Array {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return new Uint16Array(data, begin, count);
  const view = new DataView(data, begin);
  return Uint16Array.from({ length: count }, (_, i) => view.getUint16(i * 2, true));
}

function isHeader(value: unknown): value is StripHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header = value as Partial<Record<keyof StripHeader, unknown>>;
  const whole = (n: unknown, least: number) => Number.isInteger(n) && (n as number) >= least;
  return (
    typeof header.box === 'string' &&
    typeof header.scan === 'string' &&
    whole(header.column0, 0) &&
    whole(header.columns, 1) &&
    whole(header.rows, 1) &&
    whole(header.step, 1) &&
    Array.isArray(header.planes) &&
    header.planes.length > 0
  );
}
