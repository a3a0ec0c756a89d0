import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOf, learnScore, newBackground } from './background.ts';
import { Companions } from './companions.ts';
import { joinNear } from './grid-join.ts';
import { groupsOf } from './groups.ts';

test('the join finds each pair within reach once, as looking at all of them does', () => {
  const place = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), (places, reach) => {
      const x = Float64Array.from(places, ([px]) => px);
      const y = Float64Array.from(places, ([, py]) => py);
      const found: string[] = [];
      let order: Uint32Array = new Uint32Array();
      const prepare = (sorted: Uint32Array) => {
        order = sorted;
      };
      joinNear(places.length, x, y, reach, prepare, (a, b) => found.push(`${order[a]} ${order[b]}`));
      const all = places.flatMap(([ax, ay], a) =>
        places.flatMap(([bx, by], b) =>
          b > a && Math.hypot(ax - bx, ay - by) <= reach ? [`${a} ${b}`] : [],
        ),
      );
      expect(found.sort()).toEqual(all.sort());
    }),
  );
});

test('chance falls with the score, and is about the share of pairs that reach it', () => {
  const background = newBackground();
  for (let i = 0; i < 2000; i++) learnScore(background, -2 * Math.log((i + 0.5) / 2000));
  let before = 1.1;
  for (let score = 0; score < 40; score += 0.5) {
    const chance = chanceOf(background, score);
    expect(chance).toBeLessThanOrEqual(before + 1e-12);
    before = chance;
    // an exponential distribution of mean 2, well beyond what was seen of it
    expect(Math.abs(Math.log(chance) + score / 2)).toBeLessThan(0.6 + score / 20);
  }
});

test('groups are the pairs that hang together', () => {
  const groups = groupsOf([
    { a: 'c', b: 'b' },
    { a: 'x', b: 'y' },
    { a: 'b', b: 'a' },
  ]); // prettier-ignore
  expect(groups.get('c')).toEqual(['a', 'b', 'c']);
  expect(groups.get('y')).toEqual(['x', 'y']);
});

describe('companions', () => {
  const rules = { distanceM: 150, headingDeg: 30, snapshots: 30, run: 3, gap: 6, falseAlarmRate: 1e-3 };
  /** Vehicle `a` has number 0, `b` 1, and so on. */
  const at = (mover: number, x: number, y: number, vx: number, vy: number) => ({
    mover,
    x,
    y,
    vx,
    vy,
    stretch: 1,
  });
  function ofVehicles(count: number): Companions {
    const companions = new Companions(rules);
    for (let i = 0; i < count; i++) companions.movers.take(String.fromCharCode(97 + i));
    return companions;
  }

  test('a column on a road without a choice is none, however long it lasts', () => {
    const companions = ofVehicles(8);
    const found = [];
    for (let n = 1; n < 400; n++) {
      const places = Array.from({ length: 8 }, (_, i) => at(i, n * 200 - i * 80, 0, 20, 0));
      found.push(...companions.snapshot(n, places).found);
    }
    expect(found).toEqual([]);
    expect([...companions.pairs()].length).toBeGreaterThan(0);
  });

  test('two that come apart are parted, and a pair that stands side by side is not', () => {
    const companions = ofVehicles(2);
    for (let n = 1; n < 10; n++)
      companions.snapshot(n, [at(0, n * 100, 0, 10, 0), at(1, n * 100, 50, 10, 0)]);
    for (let n = 10; n < 30; n++)
      expect(companions.snapshot(n, [at(0, 1000, 0, 0, 0), at(1, 1000, 50, 0, 0)]).parted).toEqual([]);
    const parted = [];
    for (let n = 30; n < 40; n++)
      parted.push(
        ...companions.snapshot(n, [
          at(0, 1000 + (n - 30) * 100, 0, 10, 0),
          at(1, 1000, (n - 30) * 100, 0, 10),
        ]).parted,
      );
    expect(parted).toMatchObject([{ a: 'a', b: 'b', from: 1 }]);
  });
});
