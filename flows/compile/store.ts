import type { StateChange } from '../runtime.ts';
import type { KeyedState } from '../stage.ts';

interface Cell {
  readonly key: string;
  value: unknown;
  live: boolean;
  dirty: boolean;
  /** Reported or restored: whoever keeps the checkpoint has this key. */
  known: boolean;
}

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
  readonly #cells = new Map<string, Cell>();
  #dirty: Cell[] = [];
  #sorted: readonly string[] | undefined;
  #size = 0;
  /** The cell asked for last: a stage that gets a key sets it next. */
  #last: Cell | undefined;

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
    const cell = this.#cells.get(key);
    this.#last = cell;
    return cell === undefined ? undefined : cell.value;
  }

  set(key: string, value: unknown): void {
    let cell = this.#find(key);
    if (cell === undefined) {
      cell = { key, value: undefined, live: false, dirty: false, known: false };
      this.#cells.set(key, cell);
      this.#last = cell;
    }
    if (!cell.live) {
      cell.live = true;
      this.#size++;
      this.#sorted = undefined;
    }
    cell.value = value;
    if (!cell.dirty) this.#mark(cell);
  }

  delete(key: string): void {
    const cell = this.#find(key);
    if (cell?.live) this.#remove(cell);
  }

  keys(): Iterable<string> {
    this.#sorted ??= [...this.#live()].map((cell) => cell.key).sort();
    return this.#sorted;
  }

  /** From a checkpoint: already on disk, so not a change. */
  restore(key: string, value: unknown): void {
    const cell = this.#cells.get(key);
    if (!cell?.live) this.#size++;
    if (cell === undefined) this.#cells.set(key, { key, value, live: true, dirty: false, known: true });
    else Object.assign(cell, { value, live: true, dirty: false, known: true });
    this.#sorted = undefined;
  }

  /** Appends what changed since the last call. */
  takeChanges(into: StateChange[]): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const cell of dirty) {
      if (!cell.dirty) continue; // restored over since
      cell.dirty = false;
      if (!cell.live && this.#cells.get(cell.key) === cell) this.#cells.delete(cell.key);
      if (cell.live || cell.known) into.push(this.#change(cell));
      cell.known = cell.live;
    }
    this.#last = undefined;
  }

  /** Appends everything. */
  takeAll(into: StateChange[]): void {
    for (const cell of this.#live()) into.push(this.#change(cell));
  }

  *entries(): Iterable<[string, unknown]> {
    for (const cell of this.#live()) yield [cell.key, cell.value];
  }

  *#live(): Iterable<Cell> {
    for (const cell of this.#cells.values()) if (cell.live) yield cell;
  }

  #find(key: string): Cell | undefined {
    const last = this.#last;
    if (last !== undefined && last.key === key) return last;
    const cell = this.#cells.get(key);
    if (cell !== undefined) this.#last = cell;
    return cell;
  }

  #mark(cell: Cell): void {
    cell.dirty = true;
    if (this.#dirty.length === 0) this.#list.push(this);
    this.#dirty.push(cell);
  }

  #remove(cell: Cell): void {
    cell.live = false;
    cell.value = undefined;
    this.#size--;
    this.#sorted = undefined;
    if (cell.known) {
      if (!cell.dirty) this.#mark(cell);
    } else {
      // Its place in the list of changes stays until the next call and says nothing then.
      this.#cells.delete(cell.key);
      this.#last = undefined;
    }
  }

  #change(cell: Cell): StateChange {
    const value = cell.live ? this.#encode(cell.value) : undefined;
    return { node: this.node, space: this.space, key: cell.key, version: this.version, value };
  }
}
