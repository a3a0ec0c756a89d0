import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type FileDamage, KeptFile } from './kept-file.ts';
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
  former: Type.Optional(text('Id that it had at the same hub before, and lost with its keys.')),
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

/** Files of mode 0600 in `data/identity`, each with a copy: `identity.json`, `tls.key`, `signing.key`. */
export class IdentityStore {
  readonly #identity: KeptFile;
  readonly #tls: KeptFile;
  readonly #signing: KeptFile;

  constructor(data: string, onDamage: (damage: FileDamage) => void = () => undefined) {
    const folder = join(data, 'identity');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const kept = (name: string, usable: (text: string) => boolean) =>
      new KeptFile({ file: join(folder, name), usable, onDamage });
    this.#identity = kept('identity.json', (stored) => parsed(stored) !== undefined);
    this.#tls = kept('tls.key', isPrivateKey);
    this.#signing = kept('signing.key', (stored) => secretOf(stored).length === secretBytes);
  }

  /**
   * Undefined for a box that has none yet, or has lost it. Without the keys that the hub knows, an identity is none of the
   * hub's any more: the box keeps its id, and is to be enrolled again.
   */
  read(): Identity | undefined {
    const stored = this.#identity.read();
    const identity = stored === undefined ? undefined : parsed(stored);
    if (!identity?.hub) return identity;
    const tls = this.#tls.read();
    const whole = tls !== undefined && this.#signing.read() !== undefined;
    if (whole && fits(identity.hub, tls)) return identity;
    return { box: identity.box, site: identity.site };
  }

  write(identity: Identity): void {
    this.#identity.write(`${JSON.stringify(identity, null, 2)}\n`);
  }

  /** Takes what a hub gave. Where it is the same hub as before, the id before is kept beside it: returns what is kept. */
  enrolled(identity: Identity): Identity {
    const stored = this.#identity.read();
    const before = stored === undefined ? undefined : parsed(stored);
    const isSame = before?.hub !== undefined && before.hub.authority === identity.hub?.authority;
    const kept = isSame && before.box !== identity.box ? { ...identity, former: before.box } : identity;
    this.write(kept);
    return kept;
  }

  /** An id of its own for a box that runs without a hub. */
  mint(site: string): Identity {
    const identity = { box: `${localPrefix}${randomBytes(6).toString('hex')}`, site };
    this.write(identity);
    return identity;
  }

  /** Makes them at the first call. */
  keys(): BoxKeys {
    const tls = secret(this.#tls, () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    });
    const signing = secret(this.#signing, () => `${randomBytes(secretBytes).toString('base64')}\n`);
    return { tls, signing: secretOf(signing) };
  }
}

function secret(file: KeptFile, make: () => string): string {
  const stored = file.read();
  if (stored !== undefined) return stored;
  const made = make();
  file.write(made);
  return made;
}

const secretBytes = 32;
const secretOf = (stored: string): Uint8Array => Buffer.from(stored.trim(), 'base64');

function parsed(stored: string): Identity | undefined {
  try {
    return Value.Parse(Identity, JSON.parse(stored));
  } catch {
    return undefined;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

/** Whether the certificate is of this key, and the authority one at all. */
function fits({ certificate, authority }: Enrolled, tls: string): boolean {
  try {
    new X509Certificate(authority);
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(tls));
  } catch {
    return false;
  }
}
