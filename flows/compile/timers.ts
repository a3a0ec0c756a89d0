import type { Timers } from '../stage.ts';
import { type DirtyList, Store } from './store.ts';

export interface Timer {
  readonly owner: NodeTimers;
  readonly key: string;
  atMs: number;
  /** Counts settings in the whole flow: what is due at the same time fires in this order. */
  order: number;
  /** Place in the heap, -1 when it is not in it. */
  place: number;
}

/** All timers of a flow, the earliest first; ties by node order, then order of setting. */
export class TimerHeap {
  readonly #heap: Timer[] = [];
  #settings = 0;

  get first(): Timer | undefined {
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.length;
  }

  nextOrder(): number {
    return this.#settings++;
  }

  /** After a restart settings go on above those that were restored. */
  raiseOrder(order: number): void {
    if (order >= this.#settings) this.#settings = order + 1;
  }

  /** Puts a timer in, or to its new place after `atMs` or `order` changed. */
  put(timer: Timer): void {
    if (timer.place < 0) {
      timer.place = this.#heap.length;
      this.#heap.push(timer);
    }
    this.#up(timer);
    this.#down(timer);
  }

  remove(timer: Timer): void {
    const { place } = timer;
    if (place < 0) return;
    timer.place = -1;
    const last = this.#heap.pop() as Timer;
    if (last === timer) return;
    this.#heap[place] = last;
    last.place = place;
    this.#up(last);
    this.#down(last);
  }

  #up(timer: Timer): void {
    const heap = this.#heap;
    while (timer.place > 0) {
      const parent = heap[(timer.place - 1) >> 1] as Timer;
      if (before(parent, timer)) return;
      this.#swap(parent, timer);
    }
  }

  #down(timer: Timer): void {
    const heap = this.#heap;
    for (;;) {
      const left = heap[2 * timer.place + 1];
      if (left === undefined) return;
      const right = heap[2 * timer.place + 2];
      const least = right !== undefined && before(right, left) ? right : left;
      if (before(timer, least)) return;
      this.#swap(timer, least);
    }
  }

  #swap(a: Timer, b: Timer): void {
    const place = a.place;
    a.place = b.place;
    b.place = place;
    this.#heap[a.place] = a;
    this.#heap[b.place] = b;
  }
}

function before(a: Timer, b: Timer): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.owner.order !== b.owner.order) return a.owner.order < b.owner.order;
  return a.order < b.order;
}

/** The timers of one node, as its stage sees them. */
export class NodeTimers implements Timers {
  /** Place of the node in the document. */
  readonly order: number;
  readonly store: Store;
  readonly #heap: TimerHeap;
  /** While a timer of the node fires: what it sets is later than this. */
  #firingAtMs = Number.NEGATIVE_INFINITY;

  constructor(heap: TimerHeap, dirty: DirtyList, node: string, order: number) {
    this.#heap = heap;
    this.order = order;
    this.store = new Store(dirty, node, 'timer', 1, (value) => {
      const { atMs, order: setting } = value as Timer;
      return { atMs, order: setting };
    });
  }

  set(key: string, atMs: number): void {
    if (!Number.isFinite(atMs)) throw new TypeError(`timer ${key} cannot be set to ${atMs}`);
    const at = Math.max(atMs, this.#firingAtMs + 1);
    let timer = this.store.get(key) as Timer | undefined;
    if (timer === undefined) timer = { owner: this, key, atMs: at, order: 0, place: -1 };
    else if (timer.atMs === at) return;
    timer.atMs = at;
    timer.order = this.#heap.nextOrder();
    this.#heap.put(timer);
    this.store.set(key, timer);
  }

  clear(key: string): void {
    const timer = this.store.get(key) as Timer | undefined;
    if (timer === undefined) return;
    this.#heap.remove(timer);
    this.store.delete(key);
  }

  restore(key: string, value: unknown): void {
    const { atMs, order } = value as { atMs: number; order: number };
    const timer: Timer = { owner: this, key, atMs, order, place: -1 };
    this.#heap.raiseOrder(order);
    this.#heap.put(timer);
    this.store.restore(key, timer);
  }

  /** Takes a due timer off and calls `fire`. */
  fire(timer: Timer, fire: (key: string, atMs: number) => void): void {
    this.clear(timer.key);
    this.#firingAtMs = timer.atMs;
    try {
      fire(timer.key, timer.atMs);
    } finally {
      this.#firingAtMs = Number.NEGATIVE_INFINITY;
    }
  }
}
