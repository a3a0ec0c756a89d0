import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const clientAuthentication = '1.3.6.1.5.5.7.3.2';
const serverAuthentication = '1.3.6.1.5.5.7.3.1';

export interface Issuer {
  /** PEM. */
  readonly certificate: string;
  /** PKCS #8, PEM. */
  readonly key: string;
}

/** Positive and never zero, as RFC 5280 wants it. */
const serialNumber = () => `01${randomBytes(15).toString('hex')}`;

/** Clocks of boxes differ: valid from an hour ago. */
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + days * dayMs),
});

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

/** A new CA, for 20 years, whose key may sign certificates only. */
export async function makeAuthority(): Promise<Issuer> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Quaywatch authority',
    ...validity(20 * 365),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

async function issue(
  issuer: Issuer,
  subject: string,
  publicKey: x509.PublicKeyType,
  days: number,
  extensions: x509.Extension[],
): Promise<string> {
  const authority = new x509.X509Certificate(issuer.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${subject}`,
    issuer: authority.subject,
    ...validity(days),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await importKey(issuer.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
      ...extensions,
    ],
  });
  return certificate.toString('pem');
}

/** The server's own certificate under the names by which boxes reach it. */
export async function issueServer(
  issuer: Issuer,
  names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[],
): Promise<Issuer> {
  const keys = await newKeys();
  const certificate = await issue(issuer, 'Quaywatch hub', keys.publicKey, 3 * 365, [
    new x509.ExtendedKeyUsageExtension([serverAuthentication]),
    new x509.SubjectAlternativeNameExtension([...names]),
  ]);
  return { certificate, key: await exportKey(keys.privateKey) };
}

/**
 * A box's certificate with its id as common name; nothing of the request counts but its key, which
 * must be ECDSA P-256 and sign the request. Throws Error with what is wrong.
 */
export async function issueBox(issuer: Issuer, request: string, box: string): Promise<string> {
  const parsed = new x509.Pkcs10CertificateRequest(request);
  const { name, namedCurve } = parsed.publicKey.algorithm as { name?: string; namedCurve?: string };
  if (name !== 'ECDSA' || namedCurve !== 'P-256') throw new Error('its key is not ECDSA P-256');
  if (!(await parsed.verify())) throw new Error('it is not signed with its own key');
  return issue(issuer, box, parsed.publicKey, 2 * 365, [
    new x509.ExtendedKeyUsageExtension([clientAuthentication]),
  ]);
}
