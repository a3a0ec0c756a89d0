import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import type { SessionFeed } from './session.ts';
import { type Stamp, stamper } from './stamp.ts';

/** A message, what is wrong, or undefined where what came is understood and tells nothing. */
export type Read = Message | Problem | undefined;

/** Makes messages of payloads. */
export interface PayloadReader<I> {
  /** Items of a payload, or why it has none. */
  items(topic: string | undefined, payload: Uint8Array, retained: boolean): readonly I[] | Problem;
  /** The message of an item. */
  read(item: I): Read;
  /** A topic as people may see it, where topics hold what is secret. */
  publicTopic?(topic: string): string;
}

/** Takes one payload. `committed` is called once everything that came of it is on disk. */
export type Take = (topic: string, payload: Uint8Array, retained: boolean, committed?: () => void) => void;

/** From payloads to the flow: items are read, stamped and handed on; what is wrong is set aside alone. */
export function payloadTaker<I>(
  reader: PayloadReader<I>,
  stamp: Stamp,
  feed: SessionFeed,
  environment: Pick<DriverEnvironment, 'clock' | 'wire'>,
): Take {
  const put = stamper(stamp, environment.clock);
  const read = (item: I): Read => {
    try {
      return reader.read(item);
    } catch (error) {
      return faults.problem('driver.threw', {
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  };
  return (topic, payload, retained, committed) => {
    environment.wire?.(payload, { topic });
    feed.heard();
    const items = reader.items(topic, payload, retained);
    const at = reader.publicTopic?.(topic) ?? topic;
    if ('code' in items) {
      feed.reject({ ...items, at }, payload, committed);
      return;
    }
    let left = items.length;
    if (left === 0) committed?.();
    const one =
      left === 1 || !committed
        ? committed
        : () => {
            left--;
            if (left === 0) committed();
          };
    for (const item of items) {
      const message = read(item);
      if (!message) one?.();
      else if (!('kind' in message)) feed.reject({ ...message, at }, payload, one);
      else feed.deliver(put(message), one);
    }
  };
}
