import type { BoxView, LiveMessage, ObjectState, ScanView } from '../api/types.ts';

/** The part of a WebSocket that a client of the live stream needs. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(message: string | Uint8Array, done: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface LiveLimits {
  /** Bytes that may wait in the socket. */
  readonly socketBytes: number;
  /** Events that may wait beside it, and how many characters of them. */
  readonly events: number;
  readonly eventLength: number;
  /** Scans whose newest state may wait. */
  readonly scans: number;
  /** Time without any progress after which a client is cut, ms. */
  readonly stallMs: number;
}

export const defaultLimits: LiveLimits = {
  socketBytes: 256_000,
  events: 2000,
  eventLength: 2_000_000,
  scans: 200,
  stallMs: 30_000,
};

export interface LiveCounters {
  skipped(events: number): void;
  cut(): void;
}

/**
 * What waits for one screen. Memory is bounded: of objects, boxes and scans only the newest state waits; when
 * too many events wait the newer ones are counted instead, and the screen is told how many it missed
 * before the next one that it gets. So events of one box and priority are always in order.
 */
export function createLiveClient(
  socket: LiveSocket,
  counters: LiveCounters,
  now: () => number,
  limits: LiveLimits = defaultLimits,
) {
  let events: string[] = [];
  let waitingLength = 0;
  let skipped = 0;
  const objects = new Map<string, ObjectState>();
  const boxes = new Map<string, BoxView>();
  const scans = new Map<string, ScanView>();
  let urgent: string[] = [];
  let progress = now();
  let sending = 0;
  let closed = false;

  const has = () => urgent.length + events.length + skipped + objects.size + boxes.size + scans.size > 0;

  /** The next thing to send, the most telling first. */
  function next(): string | undefined {
    const first = urgent.shift();
    if (first !== undefined) return first;
    const event = events.shift();
    if (event !== undefined) {
      waitingLength -= event.length;
      return event;
    }
    let message: LiveMessage | undefined;
    if (skipped > 0) {
      message = { kind: 'skipped', events: skipped };
      skipped = 0;
    } else if (boxes.size > 0) {
      const [id, box] = boxes.entries().next().value as [string, BoxView];
      boxes.delete(id);
      message = { kind: 'box', box };
    } else if (scans.size > 0) {
      const [id, scan] = scans.entries().next().value as [string, ScanView];
      scans.delete(id);
      message = { kind: 'scan', scan };
    } else if (objects.size > 0) {
      const list = [...objects.values()].slice(0, 500);
      for (const { object } of list) objects.delete(object);
      message = { kind: 'objects', objects: list };
    }
    return message && JSON.stringify(message);
  }

  function pump(): void {
    while (!closed && socket.bufferedAmount < limits.socketBytes) {
      const text = next();
      if (text === undefined) return;
      if (sending === 0) progress = now();
      sending += 1;
      socket.send(text, () => {
        sending -= 1;
        progress = now();
        pump();
      });
    }
  }

  return {
    /** Small and rare: a tick, a tap, the greeting. */
    say(message: LiveMessage): void {
      if (urgent.length < 100) urgent.push(JSON.stringify(message));
      pump();
    },
    /** Events as ready JSON texts, in order. */
    events(texts: readonly string[]): void {
      // While some are missing, what follows them is missing too: order before completeness.
      let missed = 0;
      for (const text of texts) {
        if (skipped + missed > 0 || events.length >= limits.events || waitingLength >= limits.eventLength) {
          missed += 1;
          continue;
        }
        events.push(text);
        waitingLength += text.length;
      }
      skipped += missed;
      if (missed > 0) counters.skipped(missed);
      pump();
    },
    box(box: BoxView): void {
      boxes.set(box.box, box);
      pump();
    },
    scan(scan: ScanView): void {
      const id = `${scan.box} ${scan.scan}`;
      scans.delete(id);
      const [oldest] = scans.keys();
      if (scans.size >= limits.scans && oldest !== undefined) scans.delete(oldest);
      scans.set(id, scan);
      pump();
    },
    /** Pixels are worth nothing late: a client that has not read the last ones goes without these. */
    strip(message: Uint8Array): void {
      if (closed || socket.bufferedAmount >= limits.socketBytes) return;
      if (sending === 0) progress = now();
      sending += 1;
      socket.send(message, () => {
        sending -= 1;
        progress = now();
        pump();
      });
    },
    /** Waits for `flush`, so that an object that moves often costs one message a period. */
    objects(states: readonly ObjectState[]): void {
      for (const state of states) objects.set(state.object, state);
    },
    flush: pump,
    /** Cuts a client that takes nothing any more. Returns true when it is gone. */
    check(): boolean {
      if (closed) return true;
      if ((sending === 0 && !has()) || now() - progress < limits.stallMs) return false;
      closed = true;
      counters.cut();
      socket.terminate();
      return true;
    },
    close(code: number, reason: string): void {
      closed = true;
      events = [];
      urgent = [];
      socket.close(code, reason);
    },
  };
}
export type LiveClient = ReturnType<typeof createLiveClient>;
