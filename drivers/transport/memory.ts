import { faults } from '../faults.ts';
import type { ByteLink, ByteListener, ByteTransport } from './link.ts';

/** The device's end of a link in memory. */
export interface MemoryPeer {
  send(bytes: Uint8Array): void;
  /** Everything that was written to the device. */
  readonly written: Uint8Array[];
  /** The device hangs up. */
  hangUp(): void;
  readonly paused: boolean;
}

/** A transport whose other end is a function: for simulators and for replays inside one process. */
export function memoryTransport(
  address: string,
  answer: (peer: MemoryPeer, signal: AbortSignal) => void | Promise<void>,
): ByteTransport {
  return {
    address,
    async open(listener, signal) {
      const { link, peer } = memoryLink(listener, address);
      await answer(peer, signal);
      return link;
    },
  };
}

function memoryLink(listener: ByteListener, address: string): { link: ByteLink; peer: MemoryPeer } {
  let settle: (problem: Awaited<ByteLink['closed']>) => void = () => undefined;
  const closed = new Promise<Awaited<ByteLink['closed']>>((resolve) => {
    settle = resolve;
  });
  const held: Uint8Array[] = [];
  const written: Uint8Array[] = [];
  let paused = false;
  let open = true;
  const end = (problem: Awaited<ByteLink['closed']>) => {
    open = false;
    settle(problem);
  };
  const link: ByteLink = {
    closed,
    pending: 0,
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      for (const bytes of held.splice(0)) listener.data(bytes);
    },
    write: async (bytes) => {
      if (!open) throw faults.fault('link.closed', {}, address);
      written.push(bytes);
    },
    close: async () => end(undefined),
    kill: () => end(undefined),
  };
  const peer: MemoryPeer = {
    send: (bytes) => {
      if (!open) return;
      if (paused) held.push(bytes);
      else listener.data(bytes);
    },
    written,
    hangUp: () => end(faults.problem('link.closed', {}, address)),
    get paused() {
      return paused;
    },
  };
  return { link, peer };
}
