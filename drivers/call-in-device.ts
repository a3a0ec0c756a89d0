import { setTimeout as sleep } from 'node:timers/promises';
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

/** Bytes as they are, over a connection of their own that is opened with the first. */
export interface RawCaller {
  /** Settles when the bytes are with the system, or nothing more is to be sent. */
  send(bytes: Uint8Array): Promise<void>;
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
/** Longest that the other side is waited for at the end. */
const closeMs = 1000;

/** What was said last is still on its way. */
async function end(link: ByteLink | undefined): Promise<void> {
  const deadline = setTimeout(() => link?.kill(), closeMs);
  await link?.close();
  clearTimeout(deadline);
}

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
      await end(link);
      await run;
    },
  };
}

/** Bytes that cannot be said again are not: what a connection breaks under is lost. */
export function callRaw(host: string, port: number): RawCaller {
  const stop = new AbortController();
  let opening: Promise<ByteLink | undefined> | undefined;
  const open = async (): Promise<ByteLink | undefined> => {
    while (!stop.signal.aborted) {
      try {
        return await tcpTransport(host, port).open({ data: () => undefined }, stop.signal);
      } catch {
        await sleep(againMs, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
    return undefined;
  };
  return {
    async send(bytes) {
      opening ??= open();
      await (await opening)?.write(bytes).catch(() => undefined);
    },
    async close() {
      stop.abort();
      await end(await opening);
    },
  };
}
