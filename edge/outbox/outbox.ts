import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Emission, eventId, type Origin, type Priority, priorities } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import { Budget } from './budget.ts';
import { Counters } from './counters.ts';
import { ErrorRecords, type FlowErrorRecord } from './error-records.ts';
import { type EventExtensions, eventText, type FlowIdentity } from './event-text.ts';
import { type EventQueue, eventQueues, type Portion } from './events.ts';
import type { FlowChanges } from './journal-text.ts';
import { NamedEvents } from './named.ts';
import { type Head, renumber } from './renumber.ts';
import { openReservation, type Reservation } from './reservation.ts';
import { Reserve, type ReserveOptions, withRoom } from './reserve.ts';
import { type Damage, openOrSalvage } from './salvage.ts';
import type { Store } from './schema.ts';
import { type Folding, StateStore } from './state-store.ts';

/*
 * The outbox: everything that a box has concluded and the hub does not have yet, and the state that
 * it concluded from, in one SQLite file. Invariants:
 *
 *  1. A group is one transaction: events, changed state, error records, counters. After `commit`
 *     returns it is on disk (WAL, synchronous = FULL); when it throws, nothing of it is.
 *  2. Sequences count up by one per event, over all priorities, and none is ever given twice: the
 *     file `sequence` is written ahead of use, and after damage numbering goes on above it.
 *  3. Within a priority, event or tombstone, each names the last sequence before it (`previous`):
 *     from the hub's watermark to `head` there is always an unbroken chain.
 *  4. Rows go when the hub has acknowledged them, or when the disk budget asks for it: oldest
 *     telemetry, then verdicts, each run replaced by a tombstone in the same transaction. Alarms and
 *     events of seals and commands never go. What is on its way to the hub is not dropped.
 *  5. While the disk is nearly full, whoever fills it, the file does not grow: the budget is what it has.
 *
 * On disk: `outbox.db` (tables in schema.ts; `body` is an event in canonical JSON, ready for the
 * wire), `sequence` (text: box, highest number that may be in use, check), `reserve` (room that is kept for
 * bad times) and, after damage,
 * `outbox.db.damaged-<time>` for whoever wants to look.
 */

export interface PendingEvent {
  readonly flow: FlowIdentity;
  readonly emission: Emission;
  readonly extensions?: EventExtensions;
}

/** What is committed together. */
export interface Group {
  readonly events: readonly PendingEvent[];
  readonly changes: readonly FlowChanges[];
  readonly errors: readonly FlowErrorRecord[];
  /** Increments by name. */
  readonly counters: ReadonlyMap<string, number>;
}

export interface OutboxOptions {
  /** Folder that it keeps its files in; it exists. */
  readonly folder: string;
  readonly origin: Origin;
  /** Id that the box had at the same hub before it lost its keys: what it had not sent goes on under the new one. */
  readonly former?: string;
  /** Disk budget, bytes of pages in use. */
  readonly maxBytes: number;
  /** For a name of a file that is set aside. */
  readonly now: () => number;
  readonly traceparent?: (sequence: number) => string;
  /** Absent: a sixteenth of the budget. */
  readonly folding?: Folding;
  /** Absent: no room is set aside, and the disk is not looked at. */
  readonly reserve?: Omit<ReserveOptions, 'file'>;
}

const usualFolding = (maxBytes: number): Folding => ({
  journalBytes: Math.min(16_000_000, Math.max(128_000, maxBytes / 16)),
  keysPerGroup: 128,
});

export interface OutboxFill {
  readonly pending: Readonly<Record<Priority, number>>;
  readonly oldest?: string;
  readonly bytes: number;
  readonly full: boolean;
}

export class Outbox {
  /** What was wrong with the file at opening, and what became of it. */
  readonly damage: Damage | undefined;
  readonly errors: ErrorRecords;
  readonly #options: OutboxOptions;
  readonly #store: Store;
  readonly #queues: Readonly<Record<Priority, EventQueue>>;
  readonly #state: StateStore;
  readonly #named: NamedEvents;
  readonly #counters: Counters;
  readonly #reservation: Reservation;
  readonly #reserve: Reserve | undefined;
  readonly #budget: Budget;
  readonly #statements;
  #head: Head;

  /** Throws a fault when the folder cannot be used; damage of the database is mended, not thrown. */
  constructor(options: OutboxOptions) {
    this.#options = options;
    const { box } = options.origin;
    const file = join(options.folder, 'reserve');
    this.#reserve = options.reserve && new Reserve({ file, ...options.reserve });
    const used = existsSync(join(options.folder, 'outbox.db'));
    this.#reservation = openReservation(join(options.folder, 'sequence'), { box, used, now: options.now });
    const { damaged } = this.#reservation;
    const opened = withRoom(this.#reserve, () => openOrSalvage(options, this.#reservation));
    const store = opened.store;
    this.#store = store;
    this.#statements = {
      begin: store.prepare('BEGIN IMMEDIATE'),
      commit: store.prepare('COMMIT'),
      rollback: store.prepare('ROLLBACK'),
      head: store.prepare('UPDATE head SET sequence = ?, alarm = ?, verdict = ?, telemetry = ?'),
    };
    this.#head = store.prepare('SELECT sequence, alarm, verdict, telemetry FROM head').get() as Head;
    this.#reservation.cover(this.#head.sequence); // a renamed box brings its numbers along
    this.#budget = new Budget(store, options.maxBytes, this.#reserve);
    this.#queues = eventQueues(store);
    this.#named = new NamedEvents(store);
    this.#state = new StateStore(store, options.folding ?? usualFolding(options.maxBytes));
    const unreadable = this.#state.unreadable;
    const found = (detail: string, file: string) => ({ detail, file, events: 0, state: -unreadable });
    const rows = unreadable > 0 ? found('rows of the state cannot be read', '') : undefined;
    const numbers = damaged ? found('the file of reserved numbers cannot be read', damaged) : undefined;
    this.damage = opened.damage ?? rows ?? numbers;
    this.errors = new ErrorRecords(store);
    this.#counters = new Counters(store);
    try {
      this.#keepBudget(); // the budget may be smaller than it was
    } catch {
      this.#budget.measure(); // a disk that cannot be written: the first group tells
    }
  }

  get origin(): Origin {
    return this.#options.origin;
  }

  /** Nothing more may be dropped and the budget is used up. */
  get full(): boolean {
    return this.#budget.full;
  }

  /** Last sequence that was given out. */
  get sequence(): number {
    return this.#head.sequence;
  }

  /**
   * Writes a group; it is on disk when this returns. Throws `outbox.write` when it could not be
   * written: then nothing of it is there, and the same group may be given again.
   */
  commit(group: Group): void {
    withRoom(this.#reserve, () => this.#commit(group));
    this.#keepBudget();
  }

  #commit(group: Group): void {
    const head: Head = { ...this.#head };
    const inserted: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
    this.#transaction(() => {
      if (group.events.length > 0) {
        this.#reservation.cover(head.sequence + group.events.length);
        for (const event of group.events) this.#insert(event, head, inserted);
        for (const priority of priorities) this.#queues[priority].flush();
        this.#statements.head.run(head.sequence, head.alarm, head.verdict, head.telemetry);
      }
      const state = this.#state.write(group.changes);
      const errors = group.errors.length === 0 ? undefined : this.errors.write(group.errors);
      const counters = group.counters.size === 0 ? undefined : this.#counters.write(group.counters);
      // Acknowledged rows go along with a group that is written anyway.
      const settled = this.#settleAll();
      return () => {
        this.#head = head;
        for (const priority of priorities) this.#queues[priority].committed(inserted[priority]);
        state();
        errors?.();
        counters?.();
        settled();
      };
    });
  }

  #insert(event: PendingEvent, head: Head, inserted: Record<Priority, number>): void {
    const { emission, flow } = event;
    const { priority } = emission;
    head.sequence += 1;
    const numbers = { sequence: head.sequence, previous: head[priority] };
    const traceparent = this.#options.traceparent?.(head.sequence);
    const extensions =
      traceparent === undefined ? (event.extensions ?? {}) : { ...event.extensions, traceparent };
    const text = eventText(this.#resolved(event), this.#options.origin, flow, numbers, extensions);
    if (emission.name !== undefined) this.#named.add(flow.id, emission.name, head.sequence);
    const keep = priority === 'alarm' || /^quaywatch\.(seal|command|authorisation)\./.test(emission.type);
    this.#queues[priority].insert(numbers.sequence, numbers.previous, keep, text);
    head[priority] = head.sequence;
    inserted[priority] += 1;
  }

  /** With the id of the event that it corrects, while that is known. */
  #resolved({ emission, flow }: PendingEvent): Emission {
    if (emission.corrects === undefined) return emission;
    const corrected = this.#named.find(flow.id, emission.corrects);
    if (corrected === undefined) return emission;
    return { ...emission, supersedes: eventId(this.#options.origin.box, corrected) };
  }

  /** What of a priority comes after a sequence, to send; at least one event if there is any. */
  read(priority: Priority, after: number, maxEvents: number, maxBytes: number): Portion {
    const portion = this.#queues[priority].read(after, maxEvents, maxBytes);
    if (!portion.damaged) return portion;
    this.bury(priority, portion.damaged.sequence, portion.damaged.previous, 'corrupt');
    return portion.events.length > 0 ? portion : this.read(priority, after, maxEvents, maxBytes);
  }

  acknowledged(priority: Priority): number {
    return this.#queues[priority].acknowledged;
  }

  /** Last sequence of a priority that was given out. */
  last(priority: Priority): number {
    return this.#head[priority];
  }

  /** The link is gone: nothing is on its way. */
  rewind(): void {
    for (const priority of priorities) this.#queues[priority].rewind();
  }

  /**
   * The hub has stored everything of a priority up to there. The rows go with the next group, or with
   * `settle`: after a crash in between they are sent again, and the hub knows them.
   */
  acknowledge(priority: Priority, upto: number): void {
    this.#queues[priority].acknowledge(Math.min(upto, this.#head[priority]));
  }

  /** Removes what is acknowledged, when no group has done so. */
  settle(): void {
    if (!this.#unsettled) return;
    this.#transaction(() => this.#settleAll());
    this.#keepBudget();
  }

  #settleAll(): () => void {
    const settled = priorities
      .map((priority) => this.#queues[priority])
      .filter((queue) => queue.unsettled)
      .map((queue) => queue.settle());
    return () => {
      for (const done of settled) done();
    };
  }

  /** An event that can never be stored at the hub: it is counted as lost and a tombstone stands for it. */
  bury(priority: Priority, sequence: number, previous: number, reason: 'refused' | 'corrupt'): void {
    this.#transaction(() => {
      const buried = this.#queues[priority].bury(sequence, previous, reason);
      const counted = this.#counters.write(new Map([[`${reason}.${priority}`, 1]]));
      return () => {
        buried();
        counted();
      };
    });
  }

  /**
   * The hub's chain ends at `upto` and the next that is here names another `previous`: what is
   * between was acknowledged once and is lost at the hub. Leaves a tombstone for it.
   */
  explainGap(priority: Priority, upto: number, next: number): void {
    const range = { from: upto + 1, to: next, count: 0, previous: upto, reason: 'refused' as const };
    this.#transaction(() => {
      this.#queues[priority].addTombstone(range);
      return () => undefined;
    });
  }

  /** Whether a number of a priority, the last that the hub has of it, was given out here as far as this file tells. */
  knows(priority: Priority, upto: number): boolean {
    return this.#queues[priority].knows(upto);
  }

  /**
   * The hub has numbers of this box that are not known here: the disk has lost what was written last. Everything that waits gets
   * new numbers above all that either may know, behind a tombstone; `held`: what the hub has of each priority.
   */
  renumber(held: Readonly<Record<Priority, number>>): void {
    const above = Math.max(this.#reservation.upto, this.#head.sequence, ...Object.values(held)) + 1;
    this.#transaction(() => {
      const settled = this.#settleAll();
      const { origin } = this.#options;
      const head = renumber(this.#store, { origin, above, joins: held, isLost: true });
      this.#reservation.cover(head.sequence);
      const moved = priorities.map((name) => [`renumbered.${name}`, this.#queues[name].waiting] as const);
      const counted = this.#counters.write(new Map(moved.filter(([, count]) => count > 0)));
      return () => {
        settled();
        counted();
        this.#head = head;
        for (const priority of priorities) this.#queues[priority].rebase(held[priority]);
      };
    });
  }

  /** State of a flow as of the last commit, with the document it belongs to. */
  restore(flow: string): { readonly document: unknown; readonly entries: StateChange[] } | undefined {
    return this.#state.restore(flow);
  }

  /** Flows that have state here. */
  flows(): string[] {
    return this.#state.flows();
  }

  /** Forgets the state of a flow that was removed. */
  forget(flow: string): void {
    this.#state.remove(flow);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#counters.values;
  }

  fill(): OutboxFill {
    const pending = {
      alarm: this.#queues.alarm.pending,
      verdict: this.#queues.verdict.pending,
      telemetry: this.#queues.telemetry.pending,
    };
    const times = priorities.flatMap((priority) => {
      const body = this.#queues[priority].oldest();
      return body === undefined ? [] : [(JSON.parse(body) as { time: string }).time];
    });
    const oldest = times.sort()[0];
    return {
      pending,
      ...(oldest === undefined ? {} : { oldest }),
      bytes: this.#budget.usedBytes,
      full: this.full,
    };
  }

  /** Closes the file; everything committed is in it. */
  close(): void {
    this.#store.close();
  }

  /** `work` writes and returns what to do in memory once that is on disk. */
  #transaction(work: () => () => void): void {
    let committed: () => void;
    try {
      this.#statements.begin.run();
      committed = work();
      this.#statements.commit.run();
    } catch (error) {
      for (const priority of priorities) this.#queues[priority].discard();
      if (this.#store.inTransaction) this.#statements.rollback.run();
      throw faults.fault('outbox.write', { detail: detailOf(error) }, undefined, error);
    }
    committed();
  }

  #keepBudget(): void {
    this.#budget.keep({
      settle: () => {
        if (this.#unsettled) this.#transaction(() => this.#settleAll());
      },
      drop: (priority, bytes) => this.#drop(priority, bytes),
    });
  }

  get #unsettled(): boolean {
    return priorities.some((priority) => this.#queues[priority].unsettled);
  }

  #drop(priority: Priority, bytes: number): boolean {
    let dropped = 0;
    this.#transaction(() => {
      const result = this.#queues[priority].drop(bytes);
      dropped = result.dropped;
      if (dropped === 0) return () => undefined;
      const counted = this.#counters.write(new Map([[`dropped.${priority}`, dropped]]));
      return () => {
        result.committed();
        counted();
      };
    });
    return dropped > 0;
  }
}
