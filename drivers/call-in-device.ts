import type { ByteLink } from './transport/link.ts';
import { tcpTransport } from './transport/tcp.ts';

/** The device's side of a connection that it makes itself, and makes again. */
export interface CallingDevice {
  /** Sends when there is a connection; false: there is none. */
  send(bytes: Uint8Array): boolean;
  readonly connected: boolean;
  hangUp(): void;
  close(): Promise<void>;
}

export interface CallingOptions {
  readonly host: string;
  readonly port: number;
  /** A connection stands. */
  opened(): void;
  data(bytes: Uint8Array): void;
  closed?(): void;
}

const againMs = 200;

/** Calls in, and again after each failure, until it is closed. */
export function callIn(options: CallingOptions): CallingDevice {
  const { host, port } = options;
  const stop = new AbortController();
  let link: ByteLink | undefined;
  const run = (async () => {
    while (!stop.signal.aborted) {
      try {
        link = await tcpTransport(host, port).open({ data: options.data }, stop.signal);
        options.opened();
        await link.closed;
      } catch {
        // Nobody listens yet: tried again below.
      }
      link = undefined;
      options.closed?.();
      if (!stop.signal.aborted) await new Promise((done) => setTimeout(done, againMs));
    }
  })();
  return {
    send(bytes) {
      if (!link) return false;
      link.write(bytes).catch(() => undefined);
      return true;
    },
    get connected() {
      return link !== undefined;
    },
    hangUp: () => link?.kill(),
    async close() {
      stop.abort();
      link?.kill();
      await run;
    },
  };
}
