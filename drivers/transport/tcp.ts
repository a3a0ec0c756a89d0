import { connect, type Socket } from 'node:net';
import { Fault } from '#flows/fault';
import { faults } from '../faults.ts';
import type { ByteLink, ByteListener, ByteTransport } from './link.ts';

const detailOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** A connected socket as a link. */
export function socketLink(socket: Socket, listener: ByteListener, address: string): ByteLink {
  let ours = false;
  const closed = new Promise<Awaited<ByteLink['closed']>>((resolve) => {
    let failure: Error | undefined;
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      if (ours) resolve(undefined);
      else if (failure) resolve(faults.problem('link.failed', { detail: detailOf(failure) }, address));
      else resolve(faults.problem('link.closed', {}, address));
    });
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  socket.on('data', (bytes: Buffer) => listener.data(bytes));
  return {
    closed,
    get pending() {
      return socket.writableLength;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(faults.fault('link.failed', { detail: detailOf(error) }, address, error));
          else resolve();
        });
      }),
    async close() {
      ours = true;
      socket.end();
      await closed;
    },
    kill() {
      ours = true;
      socket.destroy();
    },
  };
}

/** Connects to a device that listens. */
export function tcpTransport(host: string, port: number): ByteTransport {
  const address = `${host}:${port}`;
  return {
    address,
    open: (listener, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const socket = connect({ host, port });
        const abort = () => {
          socket.destroy();
          reject(signal.reason instanceof Fault ? signal.reason : faults.fault('link.stuck', {}, address));
        };
        const fail = (error: Error) => {
          signal.removeEventListener('abort', abort);
          reject(faults.fault('link.failed', { detail: detailOf(error) }, address, error));
        };
        signal.addEventListener('abort', abort, { once: true });
        socket.once('error', fail);
        socket.once('connect', () => {
          signal.removeEventListener('abort', abort);
          socket.off('error', fail);
          resolve(socketLink(socket, listener, address));
        });
      }),
  };
}
