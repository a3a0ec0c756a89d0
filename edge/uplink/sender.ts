import type { Priority } from '#flows/event';
import type { Portion } from '../outbox/events.ts';
import type { Outbox } from '../outbox/outbox.ts';

/** Most of one batch. */
export const maxEvents = 500;
export const maxBytes = 256_000;
/** What may be on its way of one priority, bytes: learnt between these from how fast it is answered. */
const leastWindow = 64_000;
const mostWindow = 4_000_000;
/**
 * An answer within this widens the window, one later than that narrows it, ms. An alarm that comes meanwhile has what is on its
 * way before it, so that these are what it may lose by a backlog: well below the second in which it is to be seen.
 */
const promptMs = 150;
const slowMs = 400;
/** Refusals of the same place after which the event there is given up. */
const maxRefusals = 3;

interface Sent {
  readonly upto: number;
  readonly bytes: number;
  readonly at: number;
}

/** What to do after the hub has refused a batch. */
export type AfterRefusal = 'resend' | 'buried' | 'wait';

/**
 * Sends one priority in order, several batches at a time. The window is kept as small as the link is
 * slow, so that a backlog of one priority never fills the link for long before a live alarm.
 */
export class PrioritySender {
  readonly priority: Priority;
  readonly #outbox: Outbox;
  #sentUpto: number;
  #onTheWay: Sent[] = [];
  #bytes = 0;
  #window = leastWindow;
  #refusals = { upto: -1, count: 0 };

  constructor(outbox: Outbox, priority: Priority) {
    this.#outbox = outbox;
    this.priority = priority;
    this.#sentUpto = outbox.acknowledged(priority);
  }

  /** Whether there is anything that was not sent yet. */
  get waiting(): boolean {
    return this.#outbox.last(this.priority) > this.#sentUpto;
  }

  /** Whether a batch waits and may go, as far as this priority goes. */
  get ready(): boolean {
    return this.#bytes < this.#window && this.waiting;
  }

  /** The next batch to send, if there is one and the window has room; `most`: bytes that it may have. */
  next(now: number, most = maxBytes): Portion | undefined {
    if (!this.ready) return undefined;
    const bytes = Math.min(most, maxBytes);
    const portion = this.#outbox.read(this.priority, this.#sentUpto, maxEvents, bytes);
    if (portion.events.length + portion.tombstones.length === 0) return undefined;
    this.#sentUpto = portion.upto;
    this.#bytes += portion.bytes;
    this.#onTheWay.push({ upto: portion.upto, bytes: portion.bytes, at: now });
    return portion;
  }

  /** Everything up to there is stored at the hub. */
  acknowledged(upto: number, now: number): void {
    this.#outbox.acknowledge(this.priority, upto);
    for (let sent = this.#onTheWay[0]; sent && sent.upto <= upto; sent = this.#onTheWay[0]) {
      this.#onTheWay.shift();
      this.#bytes -= sent.bytes;
      const took = now - sent.at;
      if (took < promptMs) this.#window = Math.min(mostWindow, this.#window + sent.bytes);
      else if (took > slowMs) this.#window = Math.max(leastWindow, this.#window / 2);
    }
  }

  /** Whether the oldest batch on its way has waited longer than that. */
  overdue(now: number, afterMs: number): boolean {
    const [first] = this.#onTheWay;
    return first !== undefined && now - first.at > afterMs;
  }

  /** Nothing is on its way any more: begins again after what is acknowledged, or at another place. */
  restart(upto = this.#outbox.acknowledged(this.priority)): void {
    this.#onTheWay = [];
    this.#bytes = 0;
    this.#window = leastWindow;
    this.#sentUpto = upto;
  }

  /**
   * The hub's chain ends at `upto`, and it did not take what came next. A gap is explained with a
   * tombstone; an event that it refuses again and again is replaced by one; anything else waits.
   */
  refused(upto: number, code: string): AfterRefusal {
    this.restart(upto);
    const next = firstOf(this.#outbox.read(this.priority, upto, 1, 1));
    if (next && next.previous > upto) {
      this.#outbox.explainGap(this.priority, upto, next.previous);
      return 'resend';
    }
    const again = this.#refusals.upto === upto ? this.#refusals.count + 1 : 1;
    this.#refusals = { upto, count: again };
    if (code === 'ingest.event' && next && again >= maxRefusals) {
      this.#outbox.bury(this.priority, next.sequence, next.previous, 'refused');
      this.#refusals = { upto: -1, count: 0 };
      return 'buried';
    }
    return again < maxRefusals ? 'resend' : 'wait';
  }
}

function firstOf(portion: Portion): { sequence: number; previous: number } | undefined {
  const [tombstone] = portion.tombstones;
  const event =
    portion.events[0] && (JSON.parse(portion.events[0]) as { sequence: number; previous: number });
  if (tombstone && (!event || tombstone.from < event.sequence)) {
    return { sequence: tombstone.from, previous: tombstone.previous };
  }
  return event || undefined;
}
