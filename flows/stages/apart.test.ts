import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyedState } from '../stage.ts';
import { apart } from './apart.ts';

function plain(): KeyedState {
  const map = new Map<string, unknown>();
  return {
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    delete: (key) => void map.delete(key),
    keys: () => [...map.keys()].sort(),
    get size() {
      return map.size;
    },
  };
}

const spaces = ['rest', 'a', 'b'] as const;
const step = fc.record({
  space: fc.constantFrom(...spaces),
  key: fc.constantFrom('x', 'y', 'a x'),
  gone: fc.boolean(),
  again: fc.boolean(),
});

test('parts are maps of their own, whatever is done to the others, and after a restart', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const state = plain();
      let all = apart(state);
      const models = { rest: new Map(), a: new Map(), b: new Map() };
      const viewOf = (space: (typeof spaces)[number]) => (space === 'rest' ? all.rest : all.part(space));
      steps.forEach(({ space, key, gone, again }, n) => {
        if (again) all = apart(state);
        if (gone) {
          viewOf(space).delete(key);
          models[space].delete(key);
        } else {
          viewOf(space).set(key, n);
          models[space].set(key, n);
        }
        for (const each of spaces) {
          const view = viewOf(each);
          expect(view.size).toBe(models[each].size);
          expect([...view.keys()]).toEqual([...models[each].keys()].sort());
          for (const one of view.keys()) expect(view.get(one)).toBe(models[each].get(one));
        }
      });
    }),
  );
});
