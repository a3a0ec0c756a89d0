import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { faults } from './faults.ts';
import { detailOf, readIfThere, replaceFile } from './files.ts';
import { localPrefix } from './outbox/salvage.ts';

const text = (description: string) => Type.String({ description });

/** What the hub gave at enrolment. */
const Enrolled = Type.Object({
  broker: text('Address of the broker.'),
  releaseKey: text('Ed25519 public key of releases, base64.'),
  certificate: text('Certificate of the box, PEM.'),
  authority: text('Certificate of the CA, PEM.'),
});
const Identity = Type.Object({
  box: text('Id of the box.'),
  site: text('Site.'),
  hub: Type.Optional(Enrolled),
});
export type Identity = Static<typeof Identity>;
export type Enrolled = Static<typeof Enrolled>;

/** The key pairs of a box; they never leave it. */
export interface BoxKeys {
  /** ECDSA P-256 for TLS, PKCS #8 PEM. */
  readonly tls: string;
  /** Ed25519 for batches: the secret, 32 bytes. */
  readonly signing: Uint8Array;
}

/** Files of mode 0600 in `data/identity`: `identity.json`, `tls.key`, `signing.key`. */
export class IdentityStore {
  readonly #folder: string;

  constructor(data: string) {
    this.#folder = join(data, 'identity');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    chmodSync(this.#folder, 0o700);
  }

  /** Undefined for a box that has none yet. Throws `identity.damaged`. */
  read(): Identity | undefined {
    const stored = readIfThere(join(this.#folder, 'identity.json'));
    if (stored === undefined) return undefined;
    try {
      return Value.Parse(Identity, JSON.parse(stored));
    } catch (error) {
      throw faults.fault(
        'identity.damaged',
        { folder: this.#folder, detail: detailOf(error) },
        undefined,
        error,
      );
    }
  }

  write(identity: Identity): void {
    replaceFile(join(this.#folder, 'identity.json'), `${JSON.stringify(identity, null, 2)}\n`);
  }

  /** An id of its own for a box that runs without a hub. */
  mint(site: string): Identity {
    const identity = { box: `${localPrefix}${randomBytes(6).toString('hex')}`, site };
    this.write(identity);
    return identity;
  }

  /** Makes them at the first call. */
  keys(): BoxKeys {
    const tls = this.#secret('tls.key', () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    });
    const signing = this.#secret('signing.key', () => `${randomBytes(32).toString('base64')}\n`);
    const secret = Buffer.from(signing.trim(), 'base64');
    if (secret.length !== 32) {
      throw faults.fault('identity.damaged', {
        folder: this.#folder,
        detail: 'signing.key has not 32 bytes',
      });
    }
    return { tls, signing: secret };
  }

  #secret(name: string, make: () => string): string {
    const file = join(this.#folder, name);
    const stored = readIfThere(file);
    if (stored !== undefined) return stored;
    const made = make();
    replaceFile(file, made);
    return made;
  }
}
