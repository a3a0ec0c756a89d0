import type { DeliveryMemory } from '#drivers/driver';
import type { StateChange } from '#flows/runtime';
import type { FlowIdentity } from '../outbox/event-text.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Contributor, GroupCommit } from './group.ts';

/** A flow's name has no dot: this is none of a user's. */
const owner: FlowIdentity = { id: 'box.deliveries', hash: '' };
const entryBytes = 6;
/** A page is written anew with each group until it is full: small, for a source that says one thing at a time. */
const perPage = 64;
/** As many as a session keeps to recognise in memory. */
const pages = 512;

type Page = readonly [number: number, entries: string];

/**
 * What of each source with a session was committed last, kept with the state. A group is on disk and its sources are
 * not told yet: a kill just then makes a broker deliver it again, and the next process must know it.
 */
export class Deliveries {
  readonly #group: GroupCommit;
  readonly #stored = new Map<string, Map<string, Page>>();
  readonly #nodes = new Map<string, NodeDeliveries>();

  constructor(outbox: Outbox, group: GroupCommit) {
    this.#group = group;
    for (const { node, key, value } of outbox.restore(owner.id)?.entries ?? []) {
      const found = this.#stored.get(node) ?? new Map<string, Page>();
      this.#stored.set(node, found.set(key, value as Page));
    }
  }

  /** Of a node, `flow/node`. */
  of(node: string): DeliveryMemory {
    const memory =
      this.#nodes.get(node) ?? new NodeDeliveries(node, this.#stored.get(node) ?? new Map(), this.#group);
    this.#nodes.set(node, memory);
    return memory;
  }

  /** A flow was removed. */
  forget(flow: string): void {
    for (const node of new Set([...this.#stored.keys(), ...this.#nodes.keys()])) {
      if (!node.startsWith(`${flow}/`)) continue;
      this.of(node).forget();
      this.#stored.delete(node);
      this.#nodes.delete(node);
    }
  }
}

class NodeDeliveries implements DeliveryMemory, Contributor {
  readonly identity = owner;
  readonly #node: string;
  readonly #group: GroupCommit;
  readonly #stored: ReadonlyMap<string, Page>;
  readonly #keys: Set<string>;
  /** Pages that changed since the last group. */
  #due = new Map<string, Page | undefined>();
  #page = Buffer.alloc(perPage * entryBytes);
  #count = 0;
  #number: number;

  constructor(node: string, stored: ReadonlyMap<string, Page>, group: GroupCommit) {
    this.#node = node;
    this.#group = group;
    this.#stored = stored;
    this.#keys = new Set(stored.keys());
    this.#number = 1 + Math.max(0, ...[...stored.values()].map(([number]) => number));
  }

  *committed(): Generator<readonly [number, number]> {
    const inOrder = [...this.#stored.values()].sort(([a], [b]) => a - b);
    for (const [, entries] of inOrder) {
      const bytes = Buffer.from(entries, 'base64');
      for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes)
        yield [bytes.readUInt16LE(at), bytes.readUInt32LE(at + 2)];
    }
  }

  note(id: number, digest: number): void {
    const at = this.#count * entryBytes;
    this.#page.writeUInt16LE(id, at);
    this.#page.writeUInt32LE(digest, at + 2);
    this.#count += 1;
    if (this.#count === perPage) this.#turn();
    this.#group.contribute(this);
  }

  #turn(): void {
    if (this.#count === 0) return;
    const key = String(this.#number % pages);
    this.#due.set(key, [this.#number, this.#text()]);
    this.#keys.add(key);
    this.#number += 1;
    this.#count = 0;
  }

  #text(): string {
    return this.#page.toString('base64', 0, this.#count * entryBytes);
  }

  forget(): void {
    this.#count = 0;
    this.#due = new Map([...this.#keys].map((key) => [key, undefined]));
    this.#keys.clear();
    if (this.#due.size > 0) this.#group.touched(this);
  }

  changes(): StateChange[] {
    const due = this.#due;
    this.#due = new Map();
    if (this.#count > 0) {
      const key = String(this.#number % pages);
      this.#keys.add(key);
      due.set(key, [this.#number, this.#text()]);
    }
    const common = { node: this.#node, space: 'state', version: 1 } as const;
    return [...due].map(([key, value]) => ({ ...common, key, value }));
  }
}
