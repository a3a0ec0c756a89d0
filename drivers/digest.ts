import { createHash } from 'node:crypto';

/** Of what opens a lock (a card, a credential): enough to tell two apart, too little to copy one. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update('quaywatch card\n').update(bytes).digest('hex').slice(0, 16);
