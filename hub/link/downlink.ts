import type { Downward } from '#flows/wire';

export interface DownlinkOptions {
  /** Writes one payload to the box; resolves when its socket took it, rejects when the link is gone. */
  write(payload: string): Promise<void>;
}

/**
 * What waits to go down to one connected box, in order and one at a time. Of what is superseded (the
 * acknowledgements of one priority, the release) only the newest waits, so that a box that does not
 * read costs a bounded amount.
 */
export function createDownlink(options: DownlinkOptions) {
  const waiting = new Map<string, Downward>();
  let running = false;
  let closed = false;

  const keyOf = (message: Downward): string => {
    if (message.kind === 'acknowledgement') return `acknowledgement ${message.priority}`;
    if (message.kind === 'device-command') return `device-command ${message.id}`;
    if (message.kind === 'tap') return `tap ${message.id}`;
    return message.kind === 'scan-fetch' ? `scan-fetch ${message.scan}` : message.kind;
  };

  async function run(): Promise<void> {
    running = true;
    try {
      for (const [key, message] of waiting) {
        waiting.delete(key);
        await options.write(JSON.stringify(message));
      }
    } catch {
      closed = true; // the box asks again from its own store when it is back
      waiting.clear();
    } finally {
      running = false;
    }
  }

  return {
    send(message: Downward): void {
      if (closed) return;
      const key = keyOf(message);
      const before = waiting.get(key);
      waiting.delete(key);
      // A refusal must not be hidden by the acknowledgement that follows it.
      const kept =
        message.kind === 'acknowledgement' && before?.kind === 'acknowledgement' && before.refused
          ? { refused: before.refused, ...message }
          : message;
      waiting.set(key, kept);
      if (!running) void run();
    },
  };
}
export type Downlink = ReturnType<typeof createDownlink>;
