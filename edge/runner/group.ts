import type { Emission } from '#flows/event';
import { Fault, type Problem } from '#flows/fault';
import type { FlowError, StateChange } from '#flows/runtime';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { FlowIdentity } from '../outbox/event-text.ts';
import type { FlowChanges } from '../outbox/journal-text.ts';
import type { Group, Outbox, PendingEvent } from '../outbox/outbox.ts';
import type { BoxClock } from './clock.ts';
import { boxFlow } from './notices.ts';

export interface GroupOptions {
  readonly outbox: Outbox;
  readonly clock: BoxClock;
  /** Longest wait of a message for its commit, ms. */
  readonly groupMs: number;
  /** Messages after which is committed at once. */
  readonly groupMessages: number;
  /** Called when `blocked` changes. */
  readonly onBlocked: (blocked: boolean) => void;
  /** Called after every commit with the events of it. */
  readonly onCommit?: (events: readonly PendingEvent[]) => void;
  /** An acknowledgement threw: the source's own fault, and no other's. */
  readonly onError: (error: unknown) => void;
}

/** A flow whose changes belong to the group. */
export interface Contributor {
  readonly identity: FlowIdentity;
  changes(): StateChange[];
}

/** Error records of one group; beyond, they are only counted. */
const maxErrors = 5000;
/** Wait between two tries of a group that could not be written, ms. */
const retryMs = 1000;

/**
 * Collects what flows conclude and commits it in groups: one transaction and one sync to disk for all
 * messages of a few milliseconds, then their sources are acknowledged. While a group cannot be
 * written (`blocked`: the disk fails, or the budget is used up by what may not be dropped) nothing is
 * acknowledged, and all of it is tried again together with what came since.
 */
export class GroupCommit {
  readonly #options: GroupOptions;
  #events: PendingEvent[] = [];
  #errors: Group['errors'][number][] = [];
  #counters = new Map<string, number>();
  #extraChanges: FlowChanges[] = [];
  #contributors = new Set<Contributor>();
  #acknowledge: (() => void)[] = [];
  #messages = 0;
  #firstAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #problem: Problem | undefined;
  #blocked = false;
  #committing = false;
  #soon = false;
  #closed = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** Why nothing can be committed, while nothing can. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Messages taken and not committed. */
  get uncommitted(): number {
    return this.#messages;
  }

  /** Age of the oldest message that is taken and not committed, ms. */
  lagMs(): number {
    const oldest = this.#firstAt;
    return oldest === undefined ? 0 : Math.max(0, this.#options.clock.monotonic() - oldest);
  }

  emit(flow: FlowIdentity, emission: Emission): void {
    const offset = this.#options.clock.offsetMs();
    this.#events.push(
      offset === undefined ? { flow, emission } : { flow, emission, extensions: { clockoffsetms: offset } },
    );
  }

  fail(flow: string, error: FlowError): void {
    if (this.#errors.length < maxErrors) this.#errors.push({ flow, error });
    else this.count(`errors.unrecorded.${flow}/${error.node}`);
  }

  /** The box's own event, with the state that goes along: written at once, even while flows cannot commit. */
  notice(emission: Emission, committed?: () => void, changes: readonly FlowChanges[] = []): void {
    const event = { flow: boxFlow, emission };
    if (this.#write({ events: [event], changes, errors: [], counters: new Map() })) {
      this.#events.push(event);
      this.#extraChanges.push(...changes);
      if (committed) this.#acknowledge.push(committed);
    } else {
      committed?.();
      this.#options.onCommit?.([event]);
    }
  }

  /** Events and state of the box itself, on disk when it returns. False: they could not be written and are not kept. */
  record(emissions: readonly Emission[], changes: FlowChanges): boolean {
    const events = emissions.map((emission) => ({ flow: boxFlow, emission }));
    if (this.#write({ events, changes: [changes], errors: [], counters: new Map() })) return false;
    this.#options.onCommit?.(events);
    return true;
  }

  count(name: string, increment = 1): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + increment);
  }

  /** State that no running flow owns, or a reset of one. */
  change(changes: FlowChanges): void {
    this.#extraChanges.push(changes);
  }

  /** A message was pushed and all it caused is here: commit soon, then acknowledge it. */
  taken(contributor: Contributor, committed?: () => void): void {
    this.#contributors.add(contributor);
    if (committed) this.#acknowledge.push(committed);
    this.#messages += 1;
    if (this.#messages < this.#options.groupMessages || this.#blocked) this.#schedule();
    else this.#commitSoon();
  }

  /** At the end of this turn: all that one delivery says is in one group. */
  #commitSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      if (this.#messages >= this.#options.groupMessages && !this.#blocked) this.commit();
    });
  }

  /** What belongs to the message that is taken next. */
  contribute(contributor: Contributor): void {
    this.#contributors.add(contributor);
  }

  /** Something changed without a message. */
  touched(contributor?: Contributor): void {
    if (contributor) this.#contributors.add(contributor);
    this.#schedule();
  }

  #schedule(): void {
    this.#firstAt ??= this.#options.clock.monotonic();
    if (this.#timer || this.#closed) return;
    const wait = this.#blocked ? retryMs : this.#options.groupMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.commit();
    }, wait);
  }

  /** Commits what there is. True when nothing is left uncommitted. */
  commit(): boolean {
    if (this.#committing || this.#closed) return false;
    this.#committing = true;
    try {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const done = this.#commitAll();
      if (!done) this.#schedule();
      return done;
    } finally {
      this.#committing = false;
    }
  }

  #commitAll(): boolean {
    const { outbox, onCommit } = this.#options;
    if (outbox.full && !this.#blocked) this.#block(faults.problem('outbox.full'));
    if (outbox.full) return false;
    const group = this.#collect();
    const problem = this.#write(group);
    if (problem) {
      // All of it goes into the next try: state is never on disk ahead of the events that go with it.
      this.#extraChanges = [...group.changes];
      this.#contributors.clear();
      this.#block(problem);
      return false;
    }
    this.#clear();
    onCommit?.(group.events);
    this.#block(outbox.full ? faults.problem('outbox.full') : undefined);
    return !this.#blocked;
  }

  #collect(): Group {
    const changes = this.#extraChanges;
    for (const contributor of this.#contributors) {
      const entries = contributor.changes();
      if (entries.length > 0) changes.push({ flow: contributor.identity.id, entries });
    }
    return { events: this.#events, changes, errors: this.#errors, counters: this.#counters };
  }

  #clear(): void {
    const acknowledge = this.#acknowledge;
    this.#events = [];
    this.#errors = [];
    this.#counters = new Map();
    this.#extraChanges = [];
    this.#contributors.clear();
    this.#acknowledge = [];
    this.#messages = 0;
    this.#firstAt = undefined;
    for (const committed of acknowledge) {
      try {
        committed();
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  #write(group: Group): Problem | undefined {
    const { events, changes, errors, counters } = group;
    if (events.length + changes.length + errors.length + counters.size === 0) return undefined;
    try {
      this.#options.outbox.commit(group);
      return undefined;
    } catch (error) {
      if (error instanceof Fault) return error.problem;
      return faults.problem('outbox.write', { detail: detailOf(error) });
    }
  }

  #block(problem: Problem | undefined): void {
    this.#problem = problem;
    const blocked = problem !== undefined;
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#options.onBlocked(blocked);
  }

  /** Ends it: what is not committed never was. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
