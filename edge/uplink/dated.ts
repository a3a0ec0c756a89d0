import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { faults } from '../faults.ts';
import type { LinkCredentials } from './link.ts';

const handshakeMs = 15_000;

/** What a TLS library says when a date of a certificate does not go with the machine's clock. */
export const isOfDate = (error: Error & { code?: unknown }): boolean =>
  error.code === 'CERT_NOT_YET_VALID' || error.code === 'CERT_HAS_EXPIRED';

/**
 * A connection to the hub for a box that does not know how late it is: the TLS library holds certificates against the
 * machine's clock alone. Chain and name are checked as ever; a certificate must not have ended before `asOf`, the last time that
 * was known (epoch ms). Rejects with `link.refused`.
 */
export function connectDated(credentials: LinkCredentials, asOf: number): Promise<TLSSocket> {
  const { broker, authority, certificate, key } = credentials;
  const { hostname: bracketed, port } = new URL(broker);
  const hostname = bracketed.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port || 8883),
      ca: authority,
      cert: certificate,
      key,
      servername: isIP(hostname) ? '' : hostname,
      rejectUnauthorized: false,
      timeout: handshakeMs,
    });
    const refuse = (detail: string) => {
      socket.destroy();
      reject(faults.fault('link.refused', { detail }));
    };
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      const wrong = wrongWith(socket, hostname, new X509Certificate(authority), asOf);
      if (wrong === undefined) resolve(socket);
      else refuse(wrong);
    });
  });
}

function wrongWith(
  socket: TLSSocket,
  host: string,
  authority: X509Certificate,
  asOf: number,
): string | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return 'the hub shows no certificate';
  // The hub's authority signs what it uses itself: there is nothing between.
  if (!leaf.checkIssued(authority) || !leaf.verify(authority.publicKey) || leaf.ca)
    return "its certificate is not of the hub's authority";
  if ((isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host)) === undefined)
    return `its certificate is not for ${host}`;
  for (const { validTo } of [leaf, authority])
    if (Date.parse(validTo) < asOf) return `its certificate ended on ${validTo}`;
  return undefined;
}
