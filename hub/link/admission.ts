import type { Socket } from 'node:net';

export interface AdmissionOptions {
  /** Connections that are let on in a second; more wait their turn. */
  readonly perSecond: number;
  /** More do not wait: they are closed, and come back by themselves. */
  readonly mostWaiting: number;
  /** Who has waited so long is closed, ms: it has given up, or is about to. Less than boxes wait for an answer. */
  readonly mostWaitMs: number;
  readonly admit: (socket: Socket) => void;
}

const stepMs = 50;

/**
 * Lets connections on at a bounded rate, in the order in which they came: a handshake costs milliseconds, and a whole fleet
 * that comes back at once would keep the hub from everything else.
 */
export function createAdmission({ perSecond, mostWaiting, mostWaitMs, admit }: AdmissionOptions) {
  const perStep = Math.max(1, Math.round((perSecond * stepMs) / 1000));
  /** Since when each waits, oldest first. What a client has sent is not read yet, so that it goes is not seen. */
  const waiting = new Map<Socket, number>();
  let left = perStep;
  let timer: NodeJS.Timeout | undefined;

  function step(): void {
    left = perStep;
    for (const [socket, since] of waiting) {
      if (performance.now() - since >= mostWaitMs) {
        socket.destroy();
        continue;
      }
      if (left === 0) return;
      waiting.delete(socket);
      pass(socket);
    }
    if (left < perStep) return;
    clearInterval(timer); // nobody came for a whole step
    timer = undefined;
  }

  function pass(socket: Socket): void {
    if (socket.destroyed) return;
    left -= 1;
    admit(socket);
  }

  return {
    take(socket: Socket): void {
      socket.on('error', () => socket.destroy());
      timer ??= setInterval(step, stepMs);
      if (left > 0 && waiting.size === 0) pass(socket);
      else if (waiting.size >= mostWaiting) socket.destroy();
      else {
        waiting.set(socket, performance.now());
        socket.once('close', () => waiting.delete(socket));
      }
    },
    close(): void {
      clearInterval(timer);
      for (const socket of waiting.keys()) socket.destroy();
    },
  };
}
