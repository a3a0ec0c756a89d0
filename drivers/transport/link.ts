import type { Problem } from '#flows/fault';

/** A connection to a device, as the session sees it. */
export interface Link {
  /** Settles once, when the connection is gone: with why, or undefined after our own `close`. Never rejects. */
  readonly closed: Promise<Problem | undefined>;
  /** Stops reading: the other side is held up where the wire can do that. */
  pause(): void;
  resume(): void;
  /** Orderly; whoever calls it sets the deadline and then calls `kill`. */
  close(): Promise<void>;
  /** At once, whatever it is doing; `closed` settles. */
  kill(): void;
}

export interface ByteLink extends Link {
  /** Settles when the bytes are handed to the system. Rejects with a Fault. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes that were written and not handed to the system yet. */
  readonly pending: number;
}

/** What a link tells while it is open; given before it opens, so that nothing is missed. */
export interface ByteListener {
  data(bytes: Uint8Array): void;
  /** Bytes that came while the link was paused and could not be kept. */
  lost?(count: number): void;
}

/** A way to a device. `open` rejects with a Fault, and at once when the signal is aborted. */
export interface ByteTransport {
  /** For messages to people: a path, or host:port. */
  readonly address: string;
  open(listener: ByteListener, signal: AbortSignal): Promise<ByteLink>;
}

/** `host:port`, also `[::1]:port`; undefined when it is none. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port > 65535 ? undefined : { host, port };
}
