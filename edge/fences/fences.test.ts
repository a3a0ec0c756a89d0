import { afterEach, describe, expect, test } from 'vitest';
import { indexPrepared } from '#flows/geo/prepared';
import { collection, polygon } from '#test/support/polygons';
import { PreparedSets } from './fences.ts';

const sets = new PreparedSets();
afterEach(() => sets.close());
/** A round fence of 64 corners. */
const round = (id: string, x: number, y: number) => {
  const angles = Array.from({ length: 65 }, (_, i) => ((i % 64) * Math.PI) / 32);
  return polygon(
    id,
    angles.map((angle): [number, number] => [x + 0.01 * Math.cos(angle), y + 0.01 * Math.sin(angle)]),
  );
};
const yards = collection(
  ...Array.from({ length: 1000 }, (_, i) => round(`f${i}`, 103 + ((i * 37) % 500) / 1000, 1 + i / 2000)),
);
/** Ids of the fences that hold the middle of the square. */
const heldBy = (index: ReturnType<typeof indexPrepared>) => {
  const out: number[] = [];
  return out.slice(0, index.containing(103.25, 1.25, out)).map((fence) => index.fences[fence]?.id ?? '');
};

describe('large fence sets', () => {
  test('are built in another thread while this one goes on, and edits are put beside them', async () => {
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 5);
    const first = await sets.prepare({ yards, few: { type: 'FeatureCollection', features: [] } });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    expect([...first.keys()]).toEqual(['yards']);
    expect(sets.get('yards')).toBeUndefined();
    sets.use(first);
    const before = sets.get('yards');
    expect(before?.edits).toBeUndefined();

    const edited = { ...yards, features: [...yards.features.slice(3), round('over', 103.25, 1.25)] };
    const second = await sets.prepare({ yards: edited });
    // those in use are the old ones until the new ones are
    expect(sets.get('yards')).toBe(before);
    sets.use(second);
    const after = sets.get('yards');
    expect(after?.set).toBe(before?.set);
    expect(after?.edits?.replaced).toEqual(['f0', 'f1', 'f2']);
    expect(after?.version).not.toBe(before?.version);
    if (!before || !after) throw new Error('nothing was prepared');
    const gone = new Set(['f0', 'f1', 'f2']);
    const expected = [...heldBy(indexPrepared(before)).filter((id) => !gone.has(id)), 'over'];
    expect(heldBy(indexPrepared(after)).sort()).toEqual(expected.sort());
  });

  test('that are wrong are refused with the place, and the next is built all the same', async () => {
    const features = yards.features.map((feature, i) =>
      i === 7 ? { ...feature, geometry: { type: 'Point', coordinates: [1, 2] } } : feature,
    );
    const wrong = { ...yards, features };
    await expect(sets.prepare({ wrong })).rejects.toMatchObject({
      problem: { code: 'fences.invalid', at: 'features[7].geometry' },
    });
    expect((await sets.prepare({ yards })).size).toBe(1);
  });
});
