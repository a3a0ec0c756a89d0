import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { nativeVerifier } from '#firmware-config/ed25519';
import { BundlePiece } from '#flows/bundle-wire';
import { DeviceCommand } from '#flows/command';
import type { Problem } from '#flows/fault';
import { ScanFetch, ScanWatch, StripAcknowledgement } from '#flows/scan-wire';
import { fromBase64, type Verifier, verifyDocument } from '#flows/trust/sign';
import { Acknowledgement, type Downward, Release, TapCommand } from '#flows/wire';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import { outlineOf } from './outline.ts';

export type Received =
  | { readonly message: Downward }
  | { readonly problem: Problem; readonly version?: number };

const schemas: Readonly<Record<Downward['kind'], TObject>> = {
  acknowledgement: Acknowledgement,
  'bundle-piece': BundlePiece,
  'device-command': DeviceCommand,
  release: Release,
  'scan-fetch': ScanFetch,
  'scan-watch': ScanWatch,
  'strip-acknowledgement': StripAcknowledgement,
  tap: TapCommand,
};

/** Larger payloads are not looked at, bytes. */
const maxBytes = 16_000_000;

/** A verifier of the pinned key; one that accepts nothing when the key is none. */
export function pinned(releaseKey: string): Verifier {
  const key = fromBase64(releaseKey);
  return key?.length === 32 ? nativeVerifier(key) : { verify: () => false };
}

/**
 * Reads what came down. A release or a command counts only with the hub's signature, for this box and
 * before it expires; an acknowledgement or a piece of a bundle counts by the link, which only the hub can be at the end of.
 */
export function receive(payload: Uint8Array, box: string, key: Verifier, nowMs: number): Received {
  if (payload.length > maxBytes) return invalid(payload, `${payload.length} bytes`);
  try {
    return read(payload, box, key, nowMs);
  } catch (error) {
    return invalid(payload, detailOf(error)); // no JSON, or so deep that the stack ends
  }
}

function invalid(payload: Uint8Array, detail: string): Received {
  const { kind, version } = outlineOf(payload);
  const problem = faults.problem('command.invalid', { detail });
  return kind === 'release' && version !== undefined ? { problem, version } : { problem };
}

function read(payload: Uint8Array, box: string, key: Verifier, nowMs: number): Received {
  const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const schema =
    typeof kind === 'string' && Object.hasOwn(schemas, kind) ? schemas[kind as Downward['kind']] : undefined;
  if (!schema) return invalid(payload, `kind ${JSON.stringify(kind)} is unknown`);
  if (!Value.Check(schema, value)) {
    return invalid(payload, Value.Errors(schema, value)[0]?.message ?? String(kind));
  }
  const message = value as Downward;
  if (
    message.kind === 'acknowledgement' ||
    message.kind === 'bundle-piece' ||
    message.kind === 'strip-acknowledgement'
  )
    return { message };
  const version = message.kind === 'release' ? { version: message.version } : {};
  if (!verifyDocument(message, key)) {
    return { problem: faults.problem('command.signature', { kind: message.kind }), ...version };
  }
  if (message.box !== box) {
    return { problem: faults.problem('command.box', { kind: message.kind, box: message.box }), ...version };
  }
  if (!(Date.parse(message.expires) > nowMs)) {
    const { kind: which, expires } = message;
    return { problem: faults.problem('command.expired', { kind: which, expires }), ...version };
  }
  return { message };
}
