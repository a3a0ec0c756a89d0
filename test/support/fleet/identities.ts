import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyPair, toBase64 } from '#flows/trust/sign';
import { openAuthority } from '#hub/pki/authority';
import { createEnrolment } from '#hub/pki/enrolment';
import { places } from '#hub/places';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import { certificateRequest } from '../box-client.ts';
import type { FleetIdentity } from './box.ts';

/**
 * Enrols boxes in the data of a hub that does not run: its API takes no more than some a minute. They share the key of their
 * certificates, which is what costs the time, and have each a key of their own to sign with.
 */
export async function enrolFleet(data: string, broker: string, count: number): Promise<FleetIdentity[]> {
  // Three waits for the disk a box are not what anybody wants to know here.
  const scratch = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'quaywatch-fleet-'));
  const { database, keys } = places(scratch);
  const store = openSqliteStore(database);
  const enrolment = createEnrolment({
    store,
    authority: await openAuthority(keys, ['127.0.0.1', 'localhost']),
    audit: { note: async () => undefined },
    now: Date.now,
    addresses: () => ({ enrolment: '', broker }),
    onBox: () => undefined,
  });
  const certificate = await certificateRequest();
  const boxes: FleetIdentity[] = [];
  for (let n = 0; n < count; n += 1) {
    const name = `box-${n}`;
    const { token } = await enrolment.invite(name, 'quay', 'test');
    const secret = randomBytes(32);
    const signingKey = toBase64(keyPair(secret).open);
    const answer = await enrolment.enrol({
      token,
      name,
      certificateRequest: certificate.request,
      signingKey,
    });
    boxes.push({ ...answer, key: certificate.key, secret: toBase64(secret) });
  }
  await store.close();
  await cp(scratch, data, { recursive: true });
  await rm(scratch, { recursive: true });
  return boxes;
}
