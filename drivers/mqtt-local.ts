import type { LocalBroker, Sink } from './driver.ts';
import { faults } from './faults.ts';
import type { Take } from './mqtt-taker.ts';
import type { SessionFeed } from './session.ts';
import type { Link } from './transport/link.ts';

interface Held {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly committed: () => void;
}

/**
 * The box's own broker as a link. While the flow has no room messages are held, and their senders are not
 * answered; past the limit they are not even held: an unanswered sender repeats.
 */
export function localLink(
  broker: LocalBroker,
  filter: string,
  limit: number,
  take: Take,
  feed: SessionFeed,
  sink: Pick<Sink, 'open'>,
): Link {
  let settle: () => void = () => undefined;
  const closed = new Promise<undefined>((resolve) => {
    settle = () => resolve(undefined);
  });
  const held: Held[] = [];
  const stop = broker.subscribe(filter, (topic, payload, committed) => {
    if (sink.open && held.length === 0) take(topic, payload, false, committed);
    else if (held.length < limit) held.push({ topic, payload, committed });
    else feed.reject(faults.problem('mqtt.full', { count: limit, topic }, topic), payload.subarray(0, 256));
  });
  const end = () => {
    stop();
    held.length = 0;
    settle();
  };
  return {
    closed,
    pause: () => undefined,
    resume: () => {
      let taken = 0;
      // Taking one can withdraw the credit again.
      while (taken < held.length && sink.open) {
        const { topic, payload, committed } = held[taken++] as Held;
        take(topic, payload, false, committed);
      }
      held.splice(0, taken);
    },
    close: async () => end(),
    kill: end,
  };
}
