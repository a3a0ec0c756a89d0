import type { KeyedState } from '../stage.ts';

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

export type Memory = Pick<KeyedState, 'get' | 'set' | 'delete'>;

export interface Layer {
  clear(): void;
  /** Forgets what is gone from both. */
  sweep(): void;
  /** Entries that are kept, those that stand for something gone included. */
  readonly size: number;
}

/** The state as it would be later; what is written stays here. */
export function layerOver(state: Pick<KeyedState, 'get'>): Memory & Layer {
  const own = new Map<string, unknown>();
  let mostEntries = 1000;
  return {
    get size() {
      return own.size;
    },
    get(name) {
      if (own.has(name)) return own.get(name);
      const value = copy(state.get(name));
      if (value !== undefined) own.set(name, value);
      return value;
    },
    set: (name, value) => {
      own.set(name, value);
    },
    delete: (name) => {
      own.set(name, undefined);
    },
    clear: () => own.clear(),
    sweep() {
      if (own.size < mostEntries) return;
      for (const [name, value] of own)
        if (value === undefined && state.get(name) === undefined) own.delete(name);
      mostEntries = Math.max(1000, 2 * own.size);
    },
  };
}
