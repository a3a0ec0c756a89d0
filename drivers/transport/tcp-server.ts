import { createServer } from 'node:net';
import { faults } from '../faults.ts';
import type { ByteLink, ByteListener } from './link.ts';
import { socketLink } from './tcp.ts';

export interface TcpServer {
  /** With the port that the system chose, where 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

export interface TcpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Links beyond this are closed at once; 256 when absent. */
  readonly maxLinks?: number;
  /** Called for a link that called in, before its first byte; what it returns hears that link. */
  accept(remote: string): ByteListener;
  /** The link is ready to be written to. */
  opened?(link: ByteLink, remote: string): void;
}

/** Listens for devices that call in. Rejects with a Fault when the address cannot be had. */
export function listenTcp(options: TcpServerOptions): Promise<TcpServer> {
  const { host, port } = options;
  const links = new Set<ByteLink>();
  const server = createServer((socket) => {
    const remote = `${socket.remoteAddress}:${socket.remotePort}`;
    const link = socketLink(socket, options.accept(remote), remote);
    links.add(link);
    void link.closed.then(() => links.delete(link));
    options.opened?.(link, remote);
  });
  server.maxConnections = options.maxLinks ?? 256;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const link of links) link.kill();
    });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(faults.fault('link.failed', { detail: error.code ?? error.message }, `${host}:${port}`, error)),
    );
    server.listen({ host, port }, () => {
      const bound = server.address();
      const chosen = typeof bound === 'object' && bound ? bound.port : port;
      resolve({ address: { host, port: chosen }, close });
    });
  });
}
