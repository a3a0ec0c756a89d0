import type { Buffer } from '../flow.ts';
import type { Message } from '../message.ts';
import { type Holdable, hold, release } from './credit.ts';
import type { Target } from './ports.ts';
import type { Store } from './store.ts';

/** A message on its way through an asynchronous stage. */
export interface Entry {
  /** Order of entry to the node, over all its wires; key in the checkpoint. */
  readonly order: number;
  readonly queue: Queue;
  message: Message;
  /** Neighbours among what waits on the wire. */
  before: Entry | undefined;
  after: Entry | undefined;
}

/** The node that a queue stands in front of. */
export interface Consumer {
  readonly waiting: Store;
  nextOrder(): number;
  /** A message came, whatever becomes of it. */
  seen(): void;
  /** Something waits. */
  arrived(): void;
  dropped(message: Message): void;
  /** The number of messages in the node's queues and under way changed. */
  pending(change: number): void;
}

/** Messages of which only the newest matters have the same key. */
function conflationKey(message: Message): string {
  const { kind, device = '' } = message;
  if (kind === 'reading') return `${kind} ${device} ${message.name}`;
  if (kind === 'event') return `${kind} ${message.type} ${message.subject ?? device}`;
  if (kind === 'frame') return `${kind} ${device} ${message.view}`;
  if (kind === 'spectrum') return `${kind} ${device} ${message.technique} ${message.channel ?? ''}`;
  if (kind === 'passage') return `${kind} ${device} ${message.object} ${message.point}`;
  if (kind === 'declaration') return `${kind} ${message.id}`;
  if (kind === 'verdict') return `${kind} ${message.subject}`;
  return `${kind} ${device}`;
}

/**
 * What waits on one wire in front of an asynchronous stage, at most `capacity` messages. With `block` the
 * sources are told to stop when it is full, and what they had read already is still taken; they may go on
 * when half of it is gone.
 */
export class Queue implements Target {
  readonly from: string;
  readonly port: string;
  readonly #buffer: Buffer;
  readonly #consumer: Consumer;
  /** Every source and asynchronous stage upstream; set once the graph is known. */
  upstream: readonly Holdable[] = [];
  size = 0;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #blocking = false;
  readonly #newest: Map<string, Entry> | undefined;

  constructor(from: string, port: string, buffer: Buffer, consumer: Consumer) {
    this.from = from;
    this.port = port;
    this.#buffer = buffer;
    this.#consumer = consumer;
    if (buffer.overflow === 'latestPerKey') this.#newest = new Map();
  }

  get first(): Entry | undefined {
    return this.#first;
  }

  next(message: Message): void {
    this.#consumer.seen();
    if (this.#newest !== undefined && this.#replace(this.#newest, message)) return;
    if (this.size >= this.#buffer.capacity) {
      if (this.#buffer.overflow === 'dropNewest') {
        this.#consumer.dropped(message);
        return;
      }
      if (this.#buffer.overflow !== 'block') this.#dropOldest();
    }
    this.append(message, this.#consumer.nextOrder(), false);
    this.#consumer.arrived();
    this.holdIfFull();
  }

  /** Puts a message at the end; `restored` ones are in the checkpoint already. */
  append(message: Message, order: number, restored: boolean): void {
    const entry: Entry = { order, queue: this, message, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.after = entry;
    this.#last = entry;
    this.size++;
    this.#newest?.set(conflationKey(message), entry);
    if (restored) this.#consumer.waiting.restore(String(order), entry);
    else this.#consumer.waiting.set(String(order), entry);
    this.#consumer.pending(1);
  }

  /** Tells the sources to stop when it is full, once what could be taken up at once has been. */
  holdIfFull(): void {
    if (this.#buffer.overflow !== 'block' || this.#blocking || this.size < this.#buffer.capacity) return;
    this.#blocking = true;
    hold(this.upstream);
  }

  /** Takes the first one out to be worked on. It stays in the checkpoint and pending. */
  take(): Entry | undefined {
    const entry = this.#first;
    if (entry !== undefined) this.#unlink(entry);
    return entry;
  }

  #replace(newest: Map<string, Entry>, message: Message): boolean {
    const waiting = newest.get(conflationKey(message));
    if (waiting === undefined) return false;
    this.#consumer.dropped(waiting.message);
    waiting.message = message; // keeps its turn: a device that talks a lot does not starve itself
    this.#consumer.waiting.set(String(waiting.order), waiting);
    return true;
  }

  #dropOldest(): void {
    const entry = this.take();
    if (entry === undefined) return;
    this.#consumer.waiting.delete(String(entry.order));
    this.#consumer.pending(-1);
    this.#consumer.dropped(entry.message);
  }

  #unlink(entry: Entry): void {
    const { before, after } = entry;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    entry.before = undefined;
    entry.after = undefined;
    this.size--;
    if (this.#newest !== undefined) {
      const key = conflationKey(entry.message);
      if (this.#newest.get(key) === entry) this.#newest.delete(key);
    }
    if (this.#blocking && this.size <= this.#buffer.capacity >> 1) {
      this.#blocking = false;
      release(this.upstream);
    }
  }
}
