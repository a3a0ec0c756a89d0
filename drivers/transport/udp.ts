import { createSocket } from 'node:dgram';
import type { Problem } from '#flows/fault';
import { Fault } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Link } from './link.ts';

/** What is held while the flow has no room, and what the system is asked to hold for a busy process, bytes. */
const holdBytes = 1 << 20;

export interface DatagramListener {
  /** One datagram, whole, and the host that sent it. */
  datagram(bytes: Uint8Array, from: string): void;
  /** Bytes that came while the link was paused and could not be kept. */
  lost(count: number): void;
}

export interface DatagramLink extends Link {
  readonly address: { readonly host: string; readonly port: number };
}

/**
 * Listens for datagrams. Rejects with a Fault when the address cannot be had. A sender cannot be held up:
 * while the link is paused a megabyte is kept, and what is lost behind it is told.
 */
export function listenUdp(
  host: string,
  port: number,
  listener: DatagramListener,
  signal: AbortSignal,
): Promise<DatagramLink> {
  const address = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: holdBytes });
    let settle: (problem: Problem | undefined) => void = () => undefined;
    const closed = new Promise<Problem | undefined>((done) => {
      settle = done;
    });
    let open = true;
    let held: { readonly bytes: Uint8Array; readonly from: string }[] = [];
    let heldBytes = 0;
    let lostBytes = 0;
    let ended = false;
    const end = (problem: Problem | undefined) => {
      if (ended) return;
      ended = true;
      socket.close();
      settle(problem);
    };
    const abort = () => {
      end(undefined);
      reject(signal.reason instanceof Fault ? signal.reason : faults.fault('link.stuck', {}, address));
    };
    const flush = () => {
      const waiting = held;
      held = [];
      heldBytes = 0;
      for (const { bytes, from } of waiting) listener.datagram(bytes, from);
      if (lostBytes > 0) listener.lost(lostBytes);
      lostBytes = 0;
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const problem = faults.problem('link.failed', { detail: error.code ?? error.message }, address);
      signal.removeEventListener('abort', abort);
      end(problem);
      reject(new Fault(problem));
    });
    socket.on('message', (bytes, remote) => {
      if (open) listener.datagram(bytes, remote.address);
      else if (heldBytes + bytes.length <= holdBytes) {
        held.push({ bytes, from: remote.address });
        heldBytes += bytes.length;
      } else lostBytes += bytes.length;
    });
    socket.bind({ address: host, port }, () => {
      signal.removeEventListener('abort', abort);
      const bound = socket.address();
      resolve({
        address: { host, port: bound.port },
        closed,
        pause() {
          open = false;
        },
        resume() {
          open = true;
          flush();
        },
        close: async () => end(undefined),
        kill: () => end(undefined),
      });
    });
  });
}

/** The sending end: a device that speaks in datagrams to whoever listens. */
export interface DatagramSender {
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Sends to host:port; that nobody listens is nothing that a sender knows. */
export function sendUdp(host: string, port: number): DatagramSender {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', () => undefined);
  // A socket that is closed forgets what the system has not taken yet.
  const onTheirWay = new Set<Promise<void>>();
  return {
    send(bytes) {
      const taken = new Promise<void>((done) => socket.send(bytes, port, host, () => done()));
      onTheirWay.add(taken);
      void taken.then(() => onTheirWay.delete(taken));
    },
    async close() {
      await Promise.all(onTheirWay);
      await new Promise<void>((done) => void socket.close(() => done()));
    },
  };
}
