import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { canonical } from './canonical.ts';

/** Ed25519 over bytes; a host may give one that is native and faster, with the same bytes. */
export interface Signer {
  sign(data: Uint8Array): Uint8Array;
}
export interface Verifier {
  verify(signature: Uint8Array, data: Uint8Array): boolean;
}

export interface KeyPair {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** 32 bytes. */
  readonly open: Uint8Array;
}

export function keyPair(secret: Uint8Array): KeyPair {
  return { secret, open: ed25519.getPublicKey(secret) };
}

export const signer = (secret: Uint8Array): Signer => ({ sign: (data) => ed25519.sign(data, secret) });
export const verifier = (open: Uint8Array): Verifier => ({
  verify: (signature, data) => {
    try {
      return ed25519.verify(signature, data, open);
    } catch {
      return false; // a malformed signature or key is a wrong signature
    }
  },
});

export const toBase64 = (bytes: Uint8Array): string => base64.encode(bytes);

/** Undefined for text that is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
}

/** The document with `signature` over the canonical form of all other fields. */
export function signDocument<T extends object>(document: T, by: Signer): T & { signature: string } {
  const { signature: _, ...rest } = document as T & { signature?: string };
  return { ...document, signature: toBase64(by.sign(utf8ToBytes(canonical(rest)))) };
}

export function verifyDocument<T extends { readonly signature: string }>(document: T, by: Verifier): boolean {
  const { signature, ...rest } = document;
  const bytes = fromBase64(signature);
  return bytes !== undefined && by.verify(bytes, utf8ToBytes(canonical(rest)));
}
