import type { Signer, Verifier } from '#flows/trust/sign';
import { isSignedBy, recordSignature } from '../kafka/sign.ts';

/** Of Ed25519 in base64, characters. */
const signatureLength = 88;
const newline = 0x0a;

/** MQTT 3.1.1 has no headers: the signature of a record (as over Kafka) is a line before what it signs. */
export function seal(topic: string, box: string, value: Uint8Array, by: Signer): Buffer {
  return Buffer.concat([Buffer.from(`${recordSignature(topic, box, value, by)}\n`), value]);
}

/** What was sealed; undefined: it was not sealed with this key, for this topic and box. */
export function unseal(topic: string, box: string, sealed: Buffer, by: Verifier): Buffer | undefined {
  if (sealed[signatureLength] !== newline) return undefined;
  const signature = sealed.toString('latin1', 0, signatureLength);
  const value = sealed.subarray(signatureLength + 1);
  return isSignedBy(by, signature, topic, box, value) ? value : undefined;
}
