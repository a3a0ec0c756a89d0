import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { indexFences } from './fence-index.ts';
import { readFences } from './fences.ts';
import { buildGrid } from './grid-build.ts';
import { indexPrepared } from './prepared.ts';

const coordinate = fc.integer({ min: -20, max: 20 }).map((n) => n / 1000);
const side = fc.integer({ min: 1, max: 15 }).map((n) => n / 1000);
const fence = fc.record({ x: coordinate, y: coordinate, w: side, h: side });
type Fence = { x: number; y: number; w: number; h: number };

const setOf = (fences: ReadonlyMap<string, Fence>) => {
  const features = [...fences].map(([id, { x, y, w, h }]) => polygon(id, rectangle(x, y, x + w, y + h)));
  const set = readFences(collection(...features));
  return { set, grid: buildGrid(set.shapes) };
};

test('a set with edits beside it answers as if it had been built anew', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const fences = fc.array(fc.tuple(ids, fence), { maxLength: 6 });
  const edits = fc.array(fc.tuple(ids, fc.option(fence)), { maxLength: 4 });
  const points = fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate), { minLength: 20 });
  fc.assert(
    fc.property(fences, edits, points, (first, changes, ways) => {
      const before = new Map(first);
      const after = new Map(before);
      const changed = new Map<string, Fence>();
      const replaced = new Set<string>();
      for (const [id, to] of changes) {
        if (before.has(id)) replaced.add(id);
        if (to) {
          after.set(id, to);
          changed.set(id, to);
        } else {
          after.delete(id);
          changed.delete(id);
        }
      }
      const edited = indexPrepared({
        ...setOf(before),
        edits: { ...setOf(changed), replaced: [...replaced] },
      });
      const anew = setOf(after);
      const whole = indexFences(anew.set, anew.grid);
      const look = (index: typeof whole, [x1, y1, x2, y2]: readonly [number, number, number, number]) => {
        const near: string[] = [];
        const name = (number: number) => index.fences[number]?.id ?? '?';
        index.near({ x1, y1, x2, y2 }, (number, inside) => {
          const crossed = index.meetings(number, { x1, y1, x2, y2 }).length;
          const within = index.isWithin(number, x2, y2, 300);
          near.push(`${name(number)} ${inside} ${index.contains(number, x2, y2)} ${crossed} ${within}`);
        });
        const out: number[] = [];
        const count = index.containing(x2, y2, out);
        const held = out.slice(0, count).map(name).sort();
        return { near: near.sort(), held, any: index.anyWithin(x2, y2, 300) };
      };
      for (const way of ways) expect(look(edited, way)).toEqual(look(whole, way));
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f'])
        expect(edited.numberOf(id) === undefined).toBe(whole.numberOf(id) === undefined);
    }),
    { numRuns: 200 },
  );
});
