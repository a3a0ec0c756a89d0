import type { Message } from '../message.ts';
import { Refusal } from '../process.ts';
import type { StopSignal } from '../stage.ts';
import type { Holdable } from './credit.ts';
import type { Consumer, Entry, Queue } from './queue.ts';
import type { StageRuntime } from './stage-runtime.ts';
import { Store } from './store.ts';

/** One message under way. */
interface Work {
  readonly entry: Entry;
  state: 'running' | 'done' | 'rejected';
  result: unknown;
}

class Stop implements StopSignal {
  stopped = false;
  #listeners: (() => void)[] = [];

  onStop(listener: () => void): void {
    if (this.stopped) listener();
    else this.#listeners.push(listener);
  }

  stop(): void {
    this.stopped = true;
    for (const listener of this.#listeners) listener();
    this.forget();
  }

  /** Nothing is under way, so nobody who registered needs to be told. */
  forget(): void {
    this.#listeners = [];
  }
}

/** Drives an asynchronous stage: starts work in order of entry and concludes it in the same order. */
export class Worker implements Consumer, Holdable {
  readonly waiting: Store;
  readonly queues: Queue[] = [];
  holds = 0;
  readonly #node: StageRuntime;
  readonly #concurrency: number;
  readonly #working: Work[] = [];
  readonly #stop = new Stop();
  #order = 0;

  constructor(node: StageRuntime, concurrency: number) {
    this.#node = node;
    this.#concurrency = Math.max(1, Math.floor(concurrency));
    this.waiting = new Store(node.scope.dirty, node.id, 'queue', 1, (value) => {
      const { queue, message } = value as Entry;
      return { from: queue.from, port: queue.port, message };
    });
  }

  get queued(): number {
    return this.waiting.size;
  }

  nextOrder(): number {
    return this.#order++;
  }

  seen(): void {
    this.#node.received++;
  }

  arrived(): void {
    this.#pump();
  }

  dropped(): void {
    this.#node.count('dropped');
  }

  pending(change: number): void {
    this.#node.scope.pending += change;
  }

  onHold(): void {
    if (this.holds === 0) this.#pump();
  }

  /** From a checkpoint, in order of entry; work starts with `begin`. False when nothing leads here any more. */
  restore(order: number, value: unknown): boolean {
    const { from, port, message } = value as { from: string; port: string; message: Message };
    const queue =
      this.queues.find((one) => one.from === from && one.port === port) ??
      this.queues.find((one) => one.port === port) ??
      this.queues[0];
    if (queue === undefined) return false;
    this.#order = Math.max(this.#order, order + 1);
    queue.append(message, order, true);
    return true;
  }

  begin(): void {
    this.#pump();
    for (const queue of this.queues) queue.holdIfFull();
  }

  stop(): void {
    this.#stop.stop();
  }

  #pump(): void {
    while (this.holds === 0 && this.#working.length < this.#concurrency && !this.#stop.stopped) {
      const entry = this.#earliest()?.take();
      if (entry === undefined) return;
      this.#start(entry);
    }
  }

  #earliest(): Queue | undefined {
    let earliest: Queue | undefined;
    let order = Number.POSITIVE_INFINITY;
    for (const queue of this.queues) {
      if (queue.first === undefined || queue.first.order > order) continue;
      earliest = queue;
      order = queue.first.order;
    }
    return earliest;
  }

  #start(entry: Entry): void {
    const work: Work = { entry, state: 'running', result: undefined };
    this.#working.push(work);
    this.#node.work(entry.message, entry.queue.port, this.#stop).then(
      (result) => this.#finish(work, 'done', result),
      (error: unknown) => this.#finish(work, 'rejected', error),
    );
  }

  #finish(work: Work, state: 'done' | 'rejected', result: unknown): void {
    if (this.#stop.stopped) return;
    work.state = state;
    work.result = result;
    if (this.#working[0] !== work) return;
    this.#node.scope.outside(() => {
      while (this.#working[0] !== undefined && this.#working[0].state !== 'running') {
        this.#conclude(this.#working.shift() as Work);
      }
      if (this.#working.length === 0) this.#stop.forget();
      this.#pump();
    });
  }

  #conclude({ entry, state, result }: Work): void {
    this.waiting.delete(String(entry.order));
    this.pending(-1);
    if (state === 'done') {
      this.#node.conclude(entry.message, entry.queue.port, result);
      return;
    }
    const code = result instanceof Refusal ? result.code : 'stage.rejected';
    this.#node.fail(code, result instanceof Error ? result.message : String(result), entry.message);
  }
}
