import type { LiveMessage, Priority } from '#hub/api/types';
import { readStrip, type Strip } from './strip.ts';

/** How the screen stands to the hub's live stream; `since` in ms of this machine's clock. */
export interface LinkStatus {
  readonly state: 'connecting' | 'open' | 'lost';
  readonly since: number;
  /** When the next attempt is due, ms. */
  readonly retryAt?: number;
}

export interface SocketOptions {
  readonly url: string;
  readonly open: (url: string) => WebSocket;
  readonly now: () => number;
  readonly random: () => number;
  readonly onMessages: (messages: readonly LiveMessage[]) => void;
  /** Columns of a scan that is watched, as they come. */
  readonly onStrip?: (strip: Strip) => void;
  readonly onStatus: (status: LinkStatus) => void;
  /** Messages are handed over in groups, at most every so many ms. */
  readonly groupMs?: number;
  /** No word for so long means that the link is dead, whatever the socket says. */
  readonly silenceMs?: number;
}

/** Wait before attempt `n` (0 = first retry), ms: doubling from 0.5 s to 15 s, with jitter of a half. */
export const backoffMs = (n: number, random: () => number): number =>
  Math.min(15_000, 500 * 2 ** Math.min(n, 6)) * (0.5 + random() / 2);

/** What the hub is asked to send; objects and boxes come in any case. */
export interface Watch {
  readonly priorities: readonly Priority[];
  /** Scans whose strips are wanted. */
  readonly scans: readonly { readonly box: string; readonly scan: string }[];
}

/** Keeps the live stream open: reconnects with back-off, notices silence, groups messages. */
export function openSocket(options: SocketOptions): {
  watch(watch: Watch): void;
  close(): void;
} {
  const { groupMs = 200, silenceMs = 20_000 } = options;
  let socket: WebSocket | undefined;
  let group: LiveMessage[] = [];
  let attempt = 0;
  let heard = options.now();
  let status: LinkStatus = { state: 'connecting', since: options.now() };
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let watched: Watch | undefined;

  const watch = () => {
    if (!watched || socket?.readyState !== 1) return;
    const { priorities, scans } = watched;
    const strips = scans.length > 0 ? { scans } : {};
    socket.send(JSON.stringify({ kind: 'watch', events: { priorities }, objects: true, ...strips }));
  };
  const say = (next: LinkStatus) => {
    status = next;
    options.onStatus(next);
  };
  const flush = () => {
    if (group.length === 0) return;
    const messages = group;
    group = [];
    options.onMessages(messages);
  };
  const lose = () => {
    if (closed || !socket) return;
    const old = socket;
    socket = undefined;
    old.close();
    flush();
    const waitMs = backoffMs(attempt++, options.random);
    const since = status.state === 'lost' ? status.since : options.now();
    say({ state: 'lost', since, retryAt: options.now() + waitMs });
    retry = setTimeout(connect, waitMs);
  };
  function connect() {
    if (closed) return;
    heard = options.now();
    const current = options.open(options.url);
    socket = current;
    current.binaryType = 'arraybuffer';
    current.onopen = watch;
    current.onmessage = (incoming: MessageEvent) => {
      if (socket !== current) return;
      heard = options.now();
      if (status.state !== 'open') {
        attempt = 0;
        say({ state: 'open', since: options.now() });
      }
      if (incoming.data instanceof ArrayBuffer) {
        const strip = readStrip(incoming.data);
        if (strip) options.onStrip?.(strip);
        return;
      }
      const message = read(incoming.data);
      if (message) group.push(message);
    };
    current.onclose = () => socket === current && lose();
    current.onerror = () => socket === current && lose();
  }
  const timer = setInterval(() => {
    flush();
    if (socket && options.now() - heard > silenceMs) lose();
  }, groupMs);
  connect();
  return {
    /** From now on only these are sent. */
    watch(next) {
      watched = next;
      watch();
    },
    close() {
      closed = true;
      clearInterval(timer);
      clearTimeout(retry);
      socket?.close();
    },
  };
}

function read(data: unknown): LiveMessage | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null && 'kind' in value
      ? (value as LiveMessage)
      : undefined;
  } catch {
    return undefined;
  }
}
