import type { StateChange } from '../runtime.ts';
import type { KeyedState } from '../stage.ts';
import { KeyIndex } from './key-index.ts';

/** What is said of a value, as bits. */
const live = 1;
const dirty = 2;
/** Reported or restored: whoever keeps the checkpoint has this key. */
const known = 4;

/** Stores of a flow that have changed keys; kept by the flow, filled by the stores. */
export type DirtyList = Store[];

/**
 * Values by key that remember which of them changed. What was set and deleted between two commits was
 * never on disk, and is not reported.
 */
export class Store implements KeyedState {
  readonly node: string;
  readonly space: StateChange['space'];
  readonly version: number;
  readonly #list: DirtyList;
  readonly #encode: (value: unknown) => unknown;
  readonly #index = new KeyIndex();
  /** By number of the key. */
  readonly #values: unknown[] = [];
  #bits = new Uint8Array(64);
  /** Numbers of keys that changed. */
  #dirty: number[] = [];
  #sorted: readonly string[] | undefined;
  #size = 0;
  /** What was asked for last: a stage that gets a key sets it next. */
  #lastKey = '';
  #lastNumber = -1;

  constructor(
    list: DirtyList,
    node: string,
    space: StateChange['space'],
    version = 1,
    encode: (value: unknown) => unknown = (value) => value,
  ) {
    this.#list = list;
    this.node = node;
    this.space = space;
    this.version = version;
    this.#encode = encode;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): unknown {
    // not the last one, most likely: who gets a key sets it next
    const number = this.#index.numberOf(key);
    if (number === -1) return undefined;
    this.#lastKey = key;
    this.#lastNumber = number;
    return this.#values[number];
  }

  set(key: string, value: unknown): void {
    const number = this.#find(key) ?? this.#add(key);
    const bits = this.#bits[number] as number;
    this.#values[number] = value;
    if ((bits & (live | dirty)) === (live | dirty)) return;
    if (!(bits & live)) {
      this.#size++;
      this.#sorted = undefined;
    }
    if (!(bits & dirty)) this.#mark(number);
    this.#bits[number] = bits | live | dirty;
  }

  delete(key: string): void {
    const number = this.#find(key);
    if (number === undefined) return;
    const bits = this.#bits[number] as number;
    if (!(bits & live)) return;
    this.#values[number] = undefined;
    this.#size--;
    this.#sorted = undefined;
    // one that nobody knows of says nothing when changes are taken, and is gone then
    if (!(bits & dirty)) this.#mark(number);
    this.#bits[number] = (bits | dirty) & ~live;
  }

  keys(): Iterable<string> {
    this.#sorted ??= [...this.#live()].map((number) => this.#keyOf(number)).sort();
    return this.#sorted;
  }

  /** From a checkpoint: already on disk, so not a change. */
  restore(key: string, value: unknown): void {
    const number = this.#add(key);
    if (!((this.#bits[number] as number) & live)) this.#size++;
    this.#values[number] = value;
    this.#bits[number] = live | known;
    this.#sorted = undefined;
  }

  /** Appends what changed since the last call. */
  takeChanges(into: StateChange[]): void {
    const changed = this.#dirty;
    this.#dirty = [];
    for (const number of changed) {
      const bits = this.#bits[number] as number;
      if (!(bits & dirty)) continue; // restored over since
      if (bits & (live | known)) into.push(this.#change(number));
      this.#bits[number] = bits & live ? live | known : 0;
      if (!(bits & live)) this.#index.remove(this.#keyOf(number));
    }
    this.#lastNumber = -1;
  }

  /** Appends everything. */
  takeAll(into: StateChange[]): void {
    for (const number of this.#live()) into.push(this.#change(number));
  }

  *entries(): Iterable<[string, unknown]> {
    for (const number of this.#live()) yield [this.#keyOf(number), this.#values[number]];
  }

  *#live(): Iterable<number> {
    for (let number = 0; number < this.#values.length; number++)
      if ((this.#bits[number] as number) & live) yield number;
  }

  #keyOf(number: number): string {
    return this.#index.keyOf(number) ?? '';
  }

  #find(key: string): number | undefined {
    if (this.#lastNumber !== -1 && this.#lastKey === key) return this.#lastNumber;
    const number = this.#index.numberOf(key);
    return number === -1 ? undefined : number;
  }

  #add(key: string): number {
    const number = this.#index.add(key);
    if (number < this.#bits.length) return number;
    const bits = new Uint8Array(2 * this.#bits.length);
    bits.set(this.#bits);
    this.#bits = bits;
    return number;
  }

  #mark(number: number): void {
    if (this.#dirty.length === 0) this.#list.push(this);
    this.#dirty.push(number);
  }

  #change(number: number): StateChange {
    const isLive = (this.#bits[number] as number) & live;
    const value = isLive ? this.#encode(this.#values[number]) : undefined;
    return { node: this.node, space: this.space, key: this.#keyOf(number), version: this.version, value };
  }
}
