import { createHash } from 'node:crypto';
import { type ContainerHeader, headBytes, mark, type PlaneHeader } from './header.ts';

export interface ContainerPlane {
  readonly name: string;
  readonly kind: PlaneHeader['kind'];
  /** Row after row; of 8 bits as bytes, of 16 as words. */
  readonly samples: Uint8Array | Uint16Array;
}

function bytesOf(samples: Uint8Array | Uint16Array): Buffer {
  if (samples instanceof Uint8Array) return Buffer.from(samples);
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [i, value] of samples.entries()) bytes.writeUInt16LE(value, i * 2);
  return bytes;
}

/** The bytes of a scan container. Throws RangeError for a plane of another size. */
export function writeContainer(
  about: Omit<ContainerHeader, 'version' | 'planes'>,
  planes: readonly ContainerPlane[],
): Buffer {
  const { width, height } = about;
  const described: PlaneHeader[] = [];
  const raw: Buffer[] = [];
  for (const { name, kind, samples } of planes) {
    if (samples.length !== width * height) throw new RangeError(`${name} has ${samples.length} samples`);
    const bytes = bytesOf(samples);
    raw.push(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    described.push({ name, kind, bits: samples instanceof Uint8Array ? 8 : 16, sha256 });
  }
  const header: ContainerHeader = { ...about, version: 1, planes: described };
  const json = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(headBytes);
  mark.copy(head);
  head.writeUInt32LE(json.length, mark.length);
  return Buffer.concat([head, json, ...raw]);
}
