import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { nativePublicKey, nativeSigner } from '#firmware-config/ed25519';
import type { Signer } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { writePrivate } from '../files.ts';
import { issueServer, makeAuthority } from './certificates.ts';

/** What the hub proves itself and its boxes with. */
export interface Authority {
  /** Certificate of the CA, PEM. */
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the CA certificate (DER), hex: what a token pins. */
  readonly fingerprint: string;
  /** Certificate and key of this process for its TLS ports. */
  readonly server: { readonly certificate: string; readonly key: string };
  /** Signs releases and commands. */
  readonly signer: Signer;
  /** Public key of `signer`, 32 bytes. */
  readonly releaseKey: Uint8Array;
}

/** SHA-256 of a certificate (PEM) as DER, hex. */
export const fingerprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');

async function readPrivate(file: string): Promise<Buffer | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return undefined;
  if ((found.mode & 0o077) !== 0) throw faults.fault('hub.keys', { file }, file);
  return readFile(file);
}

/**
 * Reads the CA and the release key of a folder, and makes what is not there yet (mode 0600). The key
 * of the server's own certificate is new at each start and never on disk. Throws `hub.keys`.
 */
export async function openAuthority(folder: string, hostnames: readonly string[]): Promise<Authority> {
  const file = (name: string) => `${folder}/${name}`;
  let root = (await readPrivate(file('authority.pem')))?.toString();
  if (root === undefined) {
    const made = await makeAuthority();
    root = `${made.key}\n${made.certificate}\n`;
    await writePrivate(file('authority.pem'), root);
  }
  const cut = root.indexOf('-----BEGIN CERTIFICATE-----');
  const [key, certificate] = [root.slice(0, cut).trim(), root.slice(cut).trim()];
  let secret = await readPrivate(file('release.key'));
  if (secret === undefined) {
    secret = randomBytes(32);
    await writePrivate(file('release.key'), secret);
  }
  const names = hostnames.map((name) => ({
    type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
    value: name,
  }));
  return {
    certificate,
    key,
    fingerprint: fingerprintOf(certificate),
    server: await issueServer({ certificate, key }, names),
    signer: nativeSigner(secret),
    releaseKey: nativePublicKey(secret),
  };
}
