import { randomBytes } from 'node:crypto';
import { fromBase64, toBase64 } from '#flows/trust/sign';
import type { EnrolAnswer, EnrolRequest, EnrolToken } from '#flows/wire';
import type { Audit } from '../audit.ts';
import { faults } from '../faults.ts';
import { hashSecret, mintSecret } from '../secrets.ts';
import type { BoxRecord, Store } from '../store/store.ts';
import { type Authority, fingerprintOf } from './authority.ts';
import { issueBox } from './certificates.ts';

export interface EnrolmentOptions {
  readonly store: Store;
  readonly authority: Authority;
  readonly audit: Audit;
  readonly now: () => number;
  /** Where boxes reach the two ports, once they listen. */
  readonly addresses: () => { readonly enrolment: string; readonly broker: string };
  /** A box was enrolled. */
  readonly onBox: (box: BoxRecord) => void;
}

const tokenLifeMs = 24 * 3_600_000;

/** Makes one-time tokens and turns each into one box with an id of its own. */
export function createEnrolment(options: EnrolmentOptions) {
  const { store, authority, audit, now } = options;
  return {
    /** A token for one box of a site, good for a day. */
    async invite(name: string, site: string, actor: string): Promise<{ token: string; expires: string }> {
      const secret = mintSecret();
      const id = hashSecret(secret);
      const expires = now() + tokenLifeMs;
      await store.people.addToken({ id, purpose: 'enrol', expires, content: { name, site } });
      await audit.note(actor, 'enrolment.invite', id.slice(0, 16), { name, site });
      const content: EnrolToken = {
        url: options.addresses().enrolment,
        authority: authority.fingerprint,
        secret,
      };
      const token = `qw1.${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
      return { token, expires: new Date(expires).toISOString() };
    },

    /** Throws `enrol.token`, `enrol.request`. The token is spent once the request is found good. */
    async enrol(request: EnrolRequest): Promise<EnrolAnswer> {
      const key = fromBase64(request.signingKey);
      if (key?.length !== 32)
        throw faults.fault('enrol.request', { detail: 'the signing key is no Ed25519 key' });
      const box = `b-${randomBytes(10).toString('hex')}`;
      const certificate = await issueBox(authority, request.certificateRequest, box).catch((error: Error) => {
        throw faults.fault('enrol.request', { detail: error.message }, undefined, error);
      });
      const secret = secretOf(request.token);
      const token = secret && (await store.people.redeem(hashSecret(secret), 'enrol', now()));
      if (!token) throw faults.fault('enrol.token');
      const record: BoxRecord = {
        box,
        name: request.name,
        site: String(token.content.site),
        signingKey: toBase64(key),
        fingerprint: fingerprintOf(certificate),
        enrolled: now(),
      };
      await store.boxes.add(record);
      await audit.note(`token:${token.id.slice(0, 16)}`, 'box.enrol', box, {
        name: record.name,
        site: record.site,
        fingerprint: record.fingerprint,
      });
      options.onBox(record);
      return {
        box,
        site: record.site,
        certificate,
        authority: authority.certificate,
        releaseKey: toBase64(authority.releaseKey),
        broker: options.addresses().broker,
      };
    },
  };
}
export type Enrolment = ReturnType<typeof createEnrolment>;

/** The secret of a whole token, or the bare secret. */
function secretOf(token: string): string | undefined {
  if (!token.startsWith('qw1.')) return token;
  try {
    const content = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString()) as Partial<EnrolToken>;
    return typeof content.secret === 'string' ? content.secret : undefined;
  } catch {
    return undefined;
  }
}
