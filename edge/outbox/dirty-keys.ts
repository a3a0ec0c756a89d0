import type { StateChange } from '#flows/runtime';

export interface Dirty {
  readonly flow: string;
  readonly change: StateChange;
}

/** Keys that changed, each with its last change. Changes of one node come together: its map is kept at hand. */
export class DirtyKeys {
  #flows = new Map<string, Map<string, Map<string, StateChange>>>();
  #flow = '';
  #node = '';
  #space = '';
  #keys: Map<string, StateChange> = new Map();

  set(flow: string, change: StateChange): void {
    if (flow !== this.#flow || change.node !== this.#node || change.space !== this.#space) {
      this.#find(flow, change.node, change.space);
    }
    this.#keys.set(change.key, change);
  }

  #find(flow: string, node: string, space: string): void {
    let places = this.#flows.get(flow);
    if (!places) {
      places = new Map();
      this.#flows.set(flow, places);
    }
    const place = `${node}\n${space}`;
    let keys = places.get(place);
    if (!keys) {
      keys = new Map();
      places.set(place, keys);
    }
    this.#flow = flow;
    this.#node = node;
    this.#space = space;
    this.#keys = keys;
  }

  /** Forgets the keys of a flow. */
  purge(flow: string): void {
    this.#flows.delete(flow);
    this.#flow = '';
  }

  /** Everything, and begins anew. */
  take(): Dirty[] {
    const all: Dirty[] = [];
    for (const [flow, places] of this.#flows) {
      for (const keys of places.values()) for (const change of keys.values()) all.push({ flow, change });
    }
    this.#flows = new Map();
    this.#flow = '';
    return all;
  }
}
