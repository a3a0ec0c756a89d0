import type { Message } from '../message.ts';
import type { Holdable } from './credit.ts';
import { Outlet } from './ports.ts';
import type { Scope } from './scope.ts';
import { Store } from './store.ts';

/** A driver node of a running flow: where messages come in, and what is told to stop when queues are full. */
export class SourceRuntime implements Holdable {
  readonly id: string;
  readonly order: number;
  readonly type: string;
  readonly outlet = new Outlet();
  /** What was pushed while the flow was paused, by order of arrival. */
  readonly kept: Store;
  received = 0;
  holds = 0;
  readonly #scope: Scope;
  #arrivals = 0;

  constructor(scope: Scope, id: string, order: number, type: string) {
    this.#scope = scope;
    this.id = id;
    this.order = order;
    this.type = type;
    this.kept = new Store(scope.dirty, id, 'queue');
  }

  next(message: Message): void {
    this.received++;
    this.outlet.next(message);
  }

  keep(message: Message): void {
    this.kept.set(String(this.#arrivals++), message);
  }

  restore(order: number, message: unknown): void {
    this.#arrivals = Math.max(this.#arrivals, order + 1);
    this.kept.restore(String(order), message);
  }

  /** Lets what was kept through. */
  release(): void {
    const kept = [...this.kept.entries()].sort(([a], [b]) => Number(a) - Number(b));
    for (const [key, message] of kept) {
      this.kept.delete(key);
      this.next(message as Message);
    }
  }

  onHold(): void {
    this.#scope.credit.set(this.id, this.holds === 0);
  }
}
