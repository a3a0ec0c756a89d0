import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 bits for people and boxes to hold; the hub keeps its hash. */
export const mintSecret = (): string => randomBytes(32).toString('base64url');

/** SHA-256, hex: what is stored of a secret with full entropy. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
