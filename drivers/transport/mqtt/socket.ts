import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fault } from '#flows/fault';
import { faults } from '../../faults.ts';
import type { BrokerAddress } from './address.ts';

/** Files (PEM) of a secure connection. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Opens the connection below MQTT. Rejects with a Fault, and at once when the signal is aborted. */
export function openSocket(address: BrokerAddress, files: TlsFiles, signal: AbortSignal): Promise<Socket> {
  const { host, port, secure } = address;
  const place = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
    const servername = /^[\d.]+$|:/.test(host) ? undefined : host;
    const socket = secure
      ? connectTls({
          host,
          port,
          ca: read(files.ca),
          cert: read(files.cert),
          key: read(files.key),
          ...(servername === undefined ? {} : { servername }),
        })
      : connectTcp({ host, port });
    const abort = () => {
      socket.destroy();
      reject(signal.reason instanceof Fault ? signal.reason : faults.fault('link.stuck', {}, place));
    };
    const fail = (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', abort);
      const detail = error.code ?? error.message;
      // What is wrong with a certificate is not mended by trying again.
      const ofTls = secure && !/^E[A-Z]+$/.test(detail);
      reject(
        ofTls
          ? faults.fault('tls.refused', { address: place, detail }, place, error)
          : faults.fault('link.failed', { detail }, place, error),
      );
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
