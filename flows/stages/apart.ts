import type { KeyedState } from '../stage.ts';

/** Stands in front of the keys of a part; the name of no device begins with a line feed. */
const before = '\n';

/**
 * Parts of a stage's state under keys of their own, and the rest, in which they are neither found nor counted: what is
 * kept of devices and what is kept of all of them together.
 */
export function apart(state: KeyedState) {
  const sizes = new Map<string, number>();
  const isOwn = (key: string) => key.startsWith(before);
  const ownKeys = (prefix: string) => [...state.keys()].filter((key) => key.startsWith(prefix));
  let others: number | undefined;

  function changed(prefix: string, by: number): void {
    sizes.set(prefix, sizeOf(prefix) + by);
    if (others !== undefined) others += by;
  }
  function sizeOf(prefix: string): number {
    const known = sizes.get(prefix) ?? ownKeys(prefix).length;
    sizes.set(prefix, known);
    return known;
  }

  return {
    part(name: string): KeyedState {
      const prefix = `${before}${name} `;
      return {
        get: (key) => state.get(prefix + key),
        set(key, value) {
          if (state.get(prefix + key) === undefined) changed(prefix, 1);
          state.set(prefix + key, value);
        },
        delete(key) {
          if (state.get(prefix + key) === undefined) return;
          changed(prefix, -1);
          state.delete(prefix + key);
        },
        keys: () => ownKeys(prefix).map((key) => key.slice(prefix.length)),
        get size() {
          return sizeOf(prefix);
        },
      };
    },
    rest: {
      get: (key) => state.get(key),
      set: (key, value) => state.set(key, value),
      delete: (key) => state.delete(key),
      keys: () => [...state.keys()].filter((key) => !isOwn(key)),
      get size() {
        others ??= ownKeys(before).length;
        return state.size - others;
      },
    } satisfies KeyedState,
  };
}
