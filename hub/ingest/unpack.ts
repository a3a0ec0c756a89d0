import { inflateSync } from 'node:zlib';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';

/** First byte of a zlib stream; JSON never begins with it. */
const zlib = 0x78;
/** Most that a payload may become, bytes. */
const mostBytes = 16_000_000;

/** A payload of a box as JSON: one of a thin link comes compressed (RFC 1950). */
export function unpack(
  payload: Uint8Array,
): { readonly payload: Uint8Array } | { readonly problem: Problem } {
  if (payload[0] !== zlib) return { payload };
  try {
    return { payload: inflateSync(payload, { maxOutputLength: mostBytes }) };
  } catch (error) {
    const detail = `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`;
    return { problem: faults.problem('ingest.malformed', { detail }) };
  }
}
