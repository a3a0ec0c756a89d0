import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { Value } from 'typebox/value';
import { keyPair, toBase64 } from '#flows/trust/sign';
import { EnrolAnswer, type EnrolRequest, EnrolToken } from '#flows/wire';
import { faults } from './faults.ts';
import { detailOf } from './files.ts';
import type { BoxKeys, Identity } from './identity.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const timeoutMs = 15_000;
const maxAnswerBytes = 100_000;

/** Reads a token, `qw1.` and base64url JSON. Throws `enrol.token`. */
export function parseToken(text: string): EnrolToken {
  const trimmed = text.trim();
  try {
    if (!trimmed.startsWith('qw1.')) throw new TypeError('it does not begin with qw1.');
    return Value.Parse(EnrolToken, JSON.parse(Buffer.from(trimmed.slice(4), 'base64url').toString('utf8')));
  } catch (error) {
    throw faults.fault('enrol.token', { detail: detailOf(error) }, undefined, error);
  }
}

/**
 * Enrols the box with a one-time token: the hub's CA must be the one that the token names, before
 * anything is sent. Throws `enrol.token`, `enrol.authority`, `enrol.refused` or `enrol.unreachable`;
 * only the last is worth trying again.
 */
export async function enrol(token: string, name: string, keys: BoxKeys): Promise<Identity> {
  const { url, authority } = parseToken(token);
  const body: EnrolRequest = {
    token: token.trim(),
    name,
    certificateRequest: await certificateRequest(keys.tls),
    signingKey: toBase64(keyPair(keys.signing).open),
  };
  const { status, text } = await post(new URL('/enrol', url), authority, JSON.stringify(body));
  if (status !== 200) throw faults.fault('enrol.refused', { detail: reasonOf(status, text) });
  try {
    const { box, site, ...hub } = Value.Parse(EnrolAnswer, JSON.parse(text));
    if (fingerprint(hub.authority) !== authority) throw faults.fault('enrol.authority', { url });
    return { box, site, hub };
  } catch (error) {
    throw faults.fault('enrol.refused', { detail: `its answer: ${detailOf(error)}` }, undefined, error);
  }
}

const fingerprint = (pem: string) => createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

async function certificateRequest(pem: string): Promise<string> {
  const der = PemConverter.decodeFirst(pem);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  const { d: _, key_ops: __, ...open } = await webcrypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await webcrypto.subtle.importKey('jwk', open, algorithm, true, ['verify']);
  const made = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=box',
    keys: { privateKey, publicKey },
    signingAlgorithm: algorithm,
  });
  return made.toString('pem');
}

/** The chain is not checked against known authorities but against the token, before the request is written. */
function post(url: URL, authority: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        error instanceof Error && error.name === 'Fault'
          ? error
          : faults.fault('enrol.unreachable', { url: url.origin, detail: detailOf(error) }, undefined, error),
      );
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        rejectUnauthorized: false,
        agent: false,
        timeout: timeoutMs,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
          if (text.length > maxAnswerBytes) sent.destroy(new Error('the answer is too long'));
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', fail);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', fail);
    sent.on('socket', (socket) => {
      socket.once('secureConnect', () => {
        if (isOf(socket as TLSSocket, authority)) sent.end(body);
        else sent.destroy(faults.fault('enrol.authority', { url: url.origin }));
      });
    });
  });
}

/** Whether the server's chain ends in the authority with this SHA-256, and is signed by it. */
function isOf(socket: TLSSocket, authority: string): boolean {
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return false;
  for (
    let issuer: X509Certificate | undefined = leaf.issuerCertificate;
    issuer;
    issuer = issuer.issuerCertificate
  ) {
    const hash = createHash('sha256').update(issuer.raw).digest('hex');
    if (hash === authority) return leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey);
    if (issuer === issuer.issuerCertificate) break;
  }
  return false;
}

function reasonOf(status: number, text: string): string {
  try {
    const { code, message } = JSON.parse(text) as { code?: string; message?: string };
    if (code) return `${code}: ${message ?? ''}`;
  } catch {
    // not the hub's own answer: its status is all there is to say
  }
  return `status ${status}`;
}
