import { fromBase64, type Signer, toBase64, type Verifier } from '#flows/trust/sign';

/**
 * Kafka does not say who wrote a record, so every record carries a signature of its writer in the header `signature`:
 * Ed25519 over topic, key and value, so that none counts in another place.
 */
const signed = (topic: string, key: string, value: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${topic}\n${key}\n`), value]);

export const recordSignature = (topic: string, key: string, value: Uint8Array, by: Signer): string =>
  toBase64(by.sign(signed(topic, key, value)));

export function isSignedBy(
  by: Verifier,
  signature: string,
  topic: string,
  key: string,
  value: Uint8Array,
): boolean {
  const bytes = fromBase64(signature);
  return bytes !== undefined && by.verify(bytes, signed(topic, key, value));
}
