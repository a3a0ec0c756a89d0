import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Roads, readRoads } from '#flows/roads/lines';
import { faults } from '../faults.ts';
import { osmToGeoJson } from './osm.ts';

const unzip = promisify(gunzip);
/** A file that unpacks to more than this is not read, bytes. */
const maxBytes = 2 ** 30;
/** Characters of XML that are parsed at once. */
const pieceChars = 1 << 20;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const detailOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : '?';

function* textOf(bytes: Buffer): Generator<string> {
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += pieceChars)
    yield decoder.decode(bytes.subarray(at, at + pieceChars), { stream: true });
  yield decoder.decode();
}

/** What the bytes are is told by themselves: GeoJSON begins with `{`, OpenStreetMap XML with `<`. */
function collectionOf(bytes: Buffer, file: string): unknown {
  const begin = bytes
    .subarray(0, 1024)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()[0];
  if (begin !== '{' && begin !== '<')
    throw faults.fault('roads.format', { detail: 'it begins with neither { nor <' }, file);
  try {
    return begin === '<'
      ? osmToGeoJson(textOf(bytes))
      : JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw faults.fault('roads.format', { detail: detailOf(error) }, file);
  }
}

/**
 * Roads of a file: GeoJSON lines with `properties.id` or OpenStreetMap XML, either also gzipped. Throws the faults
 * `roads.unreadable`, `roads.format` and `roads.invalid`.
 */
export async function readRoadFile(file: string): Promise<Roads> {
  let bytes: Buffer = await readFile(file).catch((error) => {
    throw faults.fault('roads.unreadable', { detail: detailOf(error) }, file);
  });
  if (isGzip(bytes))
    bytes = await unzip(bytes, { maxOutputLength: maxBytes }).catch((error) => {
      throw faults.fault('roads.unreadable', { detail: detailOf(error) }, file);
    });
  const roads = readRoads(collectionOf(bytes, file));
  const [first] = roads.problems;
  if (!first) return roads;
  const others = roads.problems.length > 1 ? `, and ${roads.problems.length - 1} more` : '';
  throw faults.fault('roads.invalid', { detail: `${first.message}${others}` }, `${file}: ${first.path}`);
}
