import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Signer, Verifier } from '#flows/trust/sign';

/** What DER puts before the 32 bytes of a private (RFC 8410, PKCS #8) and of a public key (SPKI). */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 by OpenSSL: the same bytes as flows/trust, about twenty times faster. `secret` is 32 bytes. */
export function nativeSigner(secret: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.concat([privateHead, secret]),
    format: 'der',
    type: 'pkcs8',
  });
  return { sign: (data) => sign(null, data, key) };
}

/** Public key of a secret, 32 bytes each. */
export function nativePublicKey(secret: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.concat([privateHead, secret]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(publicHead.length);
}

/** `open` is the public key, 32 bytes; throws TypeError for any other length. */
export function nativeVerifier(open: Uint8Array): Verifier {
  if (open.length !== 32) throw new TypeError(`an Ed25519 public key has 32 bytes, not ${open.length}`);
  const key = createPublicKey({ key: Buffer.concat([publicHead, open]), format: 'der', type: 'spki' });
  return { verify: (signature, data) => signature.length === 64 && verify(null, data, key, signature) };
}
