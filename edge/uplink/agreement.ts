import { type Event, type Priority, priorities } from '#flows/event';
import type { Acknowledgement } from '#flows/wire';
import type { Portion } from '../outbox/events.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { maxBytes, maxEvents } from './sender.ts';

export interface AgreementOptions {
  readonly outbox: Outbox;
  /** Sends a batch; what its answer names it by. Undefined: there is no link. */
  readonly send: (priority: Priority, portion: Portion) => string | undefined;
  /** The hub found that a number was given twice, whatever is found here. */
  readonly conflict: boolean;
  /** The hub has what this box does not know: what waits has new numbers above. By priority, what the hub has. */
  readonly onDiverged: (held: Record<Priority, number>) => void;
}

interface Talk {
  readonly priority: Priority;
  /** What the answer that is waited for names. */
  mark: string | undefined;
  /** What the hub has; undefined: it was not asked yet. */
  held: number | undefined;
  /** Up to where both have the same. */
  same: number;
  /** Last of what is being compared. */
  compared: number;
  /** Events that are compared at once. */
  limit: number;
  done: boolean;
  differs: boolean;
}

const nothing: Portion = { events: [], tombstones: [], upto: 0, bytes: 0 };

/**
 * Finds out, before anything new is sent, whether box and hub speak of the same events: a disk that lost what it had synced, or an
 * image that was played back, makes a box give numbers again that the hub has already. An empty batch asks what the hub has; what
 * waits here under those numbers is sent again, and the hub compares it. The first that differs, or a number that is not
 * known here, means that the box was set back: what waits gets new numbers above all that either knows.
 */
export class Agreement {
  readonly #options: AgreementOptions;
  readonly #talks: readonly Talk[];

  constructor(options: AgreementOptions) {
    this.#options = options;
    this.#talks = priorities.map((priority) => {
      const same = options.outbox.acknowledged(priority);
      const open = { mark: undefined, held: undefined, compared: same, done: false, differs: false };
      return { priority, same, limit: maxEvents, ...open };
    });
  }

  begin(): void {
    for (const talk of this.#talks) talk.mark = this.#options.send(talk.priority, nothing);
  }

  /** An answer of the hub. Whether all is agreed now. */
  take({ priority, upto, refused, answers }: Acknowledgement): boolean {
    const talk = this.#talks.find((one) => one.priority === priority);
    // Others answer what was sent before this link, or nothing; a hub that names none is trusted.
    if (!talk || talk.done || (answers && !answers.includes(talk.mark ?? ''))) return false;
    if (!refused) {
      if (talk.held === undefined) talk.held = upto;
      else talk.same = talk.compared;
      this.#compare(talk, talk.held);
    } else if (talk.held !== undefined && (refused.code === 'sequence.conflict' || talk.limit === 1)) {
      talk.differs = talk.done = talk.limit === 1;
      talk.limit = Math.ceil(talk.limit / 2);
      if (!talk.done) this.#compare(talk, talk.held);
    }
    if (!this.#talks.every(({ done }) => done)) return false;
    this.#conclude();
    return true;
  }

  #compare(talk: Talk, held: number): void {
    const { outbox, send } = this.#options;
    const portion = outbox.read(talk.priority, talk.same, talk.limit, maxBytes);
    const events = portion.events.filter((text) => (JSON.parse(text) as Event).sequence <= held);
    const last = events.at(-1);
    if (last === undefined) {
      talk.done = true;
      return;
    }
    talk.compared = (JSON.parse(last) as Event).sequence;
    talk.mark = send(talk.priority, { ...portion, events, tombstones: [], upto: talk.compared });
  }

  #conclude(): void {
    const { outbox, conflict, onDiverged } = this.#options;
    for (const { priority, same } of this.#talks) outbox.acknowledge(priority, same);
    const isStrange = ({ priority, held = 0, differs }: Talk) => differs || !outbox.knows(priority, held);
    if (!conflict && !this.#talks.some(isStrange)) return;
    const held: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
    for (const talk of this.#talks) held[talk.priority] = talk.held ?? 0;
    outbox.renumber(held);
    onDiverged(held);
  }
}
