import { Observable, type Subscriber } from 'rxjs';
import type { Kind, Message } from '../message.ts';

/** Where a wire ends: an input, or the queue in front of one. */
export interface Target {
  next(message: Message): void;
}

/** Who owns an input: counts, and takes the blame for what goes wrong behind it. */
export interface Owner {
  received: number;
  /** What is being handled, or was last. */
  current: Message | undefined;
  /** Nobody listens to the input: the stage ended by itself. True when it could be started again. */
  revive(): boolean;
  threw(error: unknown, message: Message): void;
}

/** An input port: what the stage subscribes to. Usually it has one subscriber, which is called directly. */
export class Inlet implements Target {
  readonly messages: Observable<Message>;
  readonly #owner: Owner;
  #subscriber: Target | null = null;
  readonly #all: Subscriber<Message>[] = [];

  constructor(owner: Owner) {
    this.#owner = owner;
    this.messages = new Observable((subscriber) => {
      this.#all.push(subscriber);
      this.#choose();
      return () => {
        this.#all.splice(this.#all.indexOf(subscriber), 1);
        this.#choose();
      };
    });
  }

  next(message: Message): void {
    const owner = this.#owner;
    owner.received++;
    owner.current = message;
    if (this.#subscriber === null && !owner.revive()) return;
    try {
      this.#subscriber?.next(message);
    } catch (error) {
      owner.threw(error, message);
    }
  }

  #choose(): void {
    const [first, ...others] = this.#all;
    const all = this.#all;
    this.#subscriber =
      first === undefined
        ? null
        : others.length === 0
          ? first
          : {
              next: (message) => {
                for (const one of [...all]) one.next(message);
              },
            };
  }
}

/** An output port: counts, shows itself to who watches, and calls what it is wired to in order of the wires. */
export class Outlet implements Target {
  sent = 0;
  targets: readonly Target[] = [];
  #watchers: readonly ((message: Message) => void)[] | null = null;

  next(message: Message): void {
    this.sent++;
    if (this.#watchers !== null) this.#show(message);
    const { targets } = this;
    for (let index = 0; index < targets.length; index++) (targets[index] as Target).next(message);
  }

  watch(watcher: (message: Message) => void): () => void {
    this.#watchers = [...(this.#watchers ?? []), watcher];
    return () => this.#unwatch(watcher);
  }

  unwatchAll(): void {
    this.#watchers = null;
  }

  #unwatch(watcher: (message: Message) => void): void {
    const left = (this.#watchers ?? []).filter((other) => other !== watcher);
    this.#watchers = left.length === 0 ? null : left;
  }

  #show(message: Message): void {
    for (const watcher of this.#watchers ?? []) {
      try {
        watcher(message);
      } catch {
        this.#unwatch(watcher); // who watches must not disturb what is watched
      }
    }
  }
}

/** Lets only the kinds through that the receiver accepts. */
export class KindGate implements Target {
  readonly #accepts: Readonly<Partial<Record<Kind, true>>>;
  readonly #target: Target;

  constructor(accepts: readonly Kind[], target: Target) {
    this.#accepts = Object.fromEntries(accepts.map((kind) => [kind, true]));
    this.#target = target;
  }

  next(message: Message): void {
    if (this.#accepts[message.kind] === true) this.#target.next(message);
  }
}
