import type { Message } from '#flows/message';
import type { StateChange } from '#flows/runtime';

/** So many of the newest are remembered, of each kind. */
const most = 100_000;
/** No node of a flow has this name. */
const node = '';

/** Texts by key, the newest only, of which it is known what changed. */
class Ledger {
  readonly #prefix: string;
  readonly #texts = new Map<string, string>();
  #changed = new Set<string>();

  constructor(prefix: string, entries: Iterable<StateChange>) {
    this.#prefix = prefix;
    for (const { key, value } of entries)
      if (key.startsWith(prefix) && typeof value === 'string')
        this.#texts.set(key.slice(prefix.length), value);
  }

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  set(key: string, text: string): void {
    if (this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#changed.add(key);
    if (this.#texts.size <= most) return;
    const oldest = this.#texts.keys().next().value ?? '';
    this.#texts.delete(oldest);
    this.#changed.add(oldest);
  }

  changes(): StateChange[] {
    const keys = this.#changed;
    this.#changed = new Set();
    return this.entries(keys);
  }

  entries(keys: Iterable<string>): StateChange[] {
    return [...keys].map((key) => this.#entry(key));
  }

  all(): StateChange[] {
    return this.entries(this.#texts.keys());
  }

  #entry(key: string): StateChange {
    return { node, space: 'state', key: this.#prefix + key, version: 1, value: this.#texts.get(key) };
  }
}

/**
 * What a part of a flow remembers beside the state of its nodes, in the same checkpoint: which events can still be
 * corrected, by name, and at which site an object was seen last, for those events that no other event causes.
 */
export class Memory {
  readonly #names: Ledger;
  readonly #sites: Ledger;

  constructor(entries: readonly StateChange[]) {
    const own = entries.filter((entry) => this.owns(entry));
    this.#names = new Ledger('name:', own);
    this.#sites = new Ledger('site:', own);
  }

  owns(entry: StateChange): boolean {
    return entry.node === node;
  }

  see(message: Message, site: string): void {
    const { device } = message;
    if (device !== undefined) this.#sites.set(device, site);
    if (message.kind === 'passage') this.#sites.set(message.object, site);
    if (message.kind === 'seal' && message.container !== undefined) this.#sites.set(message.container, site);
  }

  siteOf(subject: string | undefined): string | undefined {
    return subject === undefined ? undefined : this.#sites.get(subject);
  }

  /** Sites that changed. */
  changes(): StateChange[] {
    return this.#sites.changes();
  }

  all(): StateChange[] {
    return [...this.#names.all(), ...this.#sites.all()];
  }

  /** Id of the event of that name. */
  named(name: string): string | undefined {
    return this.#names.get(name);
  }

  /** Ids of events by name; returns what is to be stored of it. */
  name(ids: ReadonlyMap<string, string>): StateChange[] {
    for (const [name, id] of ids) this.#names.set(name, id);
    const evicted = this.#names.changes().filter(({ value }) => value === undefined);
    return [...evicted, ...this.#names.entries(ids.keys())];
  }
}
