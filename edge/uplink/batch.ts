import type { Priority } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import { type Signer, toBase64 } from '#flows/trust/sign';
import { batchName } from '#flows/wire';
import type { Portion } from '../outbox/events.ts';

/**
 * A batch as it goes over the wire. Events are stored in canonical form, so the text that is signed is
 * made by joining; the hub parses it and comes to the same bytes.
 */
export function signedBatch(
  box: string,
  priority: Priority,
  portion: Portion,
  by: Signer,
): { readonly text: string; readonly name: string } {
  const head = `{"box":${JSON.stringify(box)},"events":[${portion.events.join(',')}],"kind":"batch","priority":"${priority}"`;
  const tail = `,"tombstones":${canonical(portion.tombstones)}}`;
  const signature = toBase64(by.sign(Buffer.from(head + tail)));
  return { text: `${head},"signature":"${signature}"${tail}`, name: batchName(signature) };
}

/** As `signedBatch`, the text alone. */
export const batchText = (...batch: Parameters<typeof signedBatch>): string => signedBatch(...batch).text;
