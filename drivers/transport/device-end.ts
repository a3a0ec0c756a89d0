import type { ByteLink } from './link.ts';
import { listenTcp } from './tcp-server.ts';

/** The wire as the device has it: the other end of what a driver opens. */
export interface DeviceEnd {
  /** What a driver opens: a path, or host:port. */
  readonly address: string;
  /** To everyone who listens; a device does not wait. */
  send(bytes: Uint8Array): void;
  /** Bytes that were sent and are not on the wire yet. */
  readonly pending: number;
  /** Drops every connection; a serial line has none. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Bytes that a slow listener may have to come before it misses some. */
const holdBytes = 1 << 20;

/** The device's end of TCP: a receiver or serial server that listens. Port 0: any free one. */
export async function listenAsDevice(
  host: string,
  port: number,
  heard: (bytes: Uint8Array) => void,
): Promise<DeviceEnd> {
  const links = new Set<ByteLink>();
  const server = await listenTcp({
    host,
    port,
    accept: () => ({ data: heard }),
    opened(link) {
      links.add(link);
      void link.closed.then(() => links.delete(link));
    },
  });
  return {
    address: `${server.address.host}:${server.address.port}`,
    send(bytes) {
      for (const link of links) if (link.pending < holdBytes) link.write(bytes).catch(() => undefined);
    },
    get pending() {
      return Math.max(0, ...[...links].map((link) => link.pending));
    },
    hangUp() {
      for (const link of links) link.kill();
    },
    close: () => server.close(),
  };
}
