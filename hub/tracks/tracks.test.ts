import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf, cellsAround, cellsWithin, stretchOf } from '../store/visits.ts';
import { forecast } from './arrival.ts';
import { withBodies } from './bodies.ts';
import { chanceOf, Traffic } from './chance.ts';
import { spansOf } from './companions.ts';
import type { Fix } from './fix.ts';
import { gapsOf, type Outage } from './gaps.ts';
import { heatOf, stopsIn, suspectsOf } from './heat.ts';
import { tripsThrough } from './similar.ts';
import { frechet, lcss, resample, similarityOf } from './similarity.ts';
import { together } from './together.ts';

const metre = 1 / 111_320;
/** A fix at seconds, metres east and north of the equator's begin: both scales are the same there. */
const fix = (second: number, east: number, north = 0): Fix => ({
  ms: second * 1000,
  lon: east * metre,
  lat: north * metre,
});
const every = (step: number, count: number, speed = 10, north = 0, from = 0) =>
  Array.from({ length: count }, (_, n) => fix(from + n * step, n * step * speed, north));

describe('gaps', () => {
  const iso = (second: number) => new Date(second * 1000).toISOString();
  test('are told with their class, the explanation that covers most of them first', () => {
    const fixes = [...every(10, 10), fix(1000, 910), fix(1010, 920), fix(3000, 9000), fix(3010, 9010)];
    const outages: Outage[] = [
      { class: 'fix', from: 1_100_000, to: 2_900_000 },
      { class: 'device', from: 900_000, to: 1_200_000, reason: 'line lost' },
    ];
    expect(gapsOf(fixes, outages, 3_020_000)).toEqual([
      { from: iso(90), to: iso(1000), class: 'parked', distanceM: 10 },
      { from: iso(1010), to: iso(3000), class: 'fix', distanceM: 8080 },
    ]);
    expect(gapsOf(fixes, [], 9_000_000).map((gap) => gap.class)).toEqual(['parked', 'silent', 'open']);
  });
  test('what was left out of a thinned track is no gap', () => {
    const thinned = Array.from({ length: 40 }, (_, n) => [fix(n * 600, 0), fix(n * 600 + 590, 0)]).flat();
    expect(gapsOf(thinned, [], 24_000_000, 600_000)).toEqual([]);
  });
  test('who always speaks seldom has none', () => {
    expect(gapsOf(every(300, 20), [], 20 * 300_000)).toEqual([]);
    expect(gapsOf([], [], 0)).toEqual([]);
  });
});

describe('bodies under one name', () => {
  const points = (fixes: readonly Fix[]) =>
    [...fixes]
      .sort((a, b) => a.ms - b.ms)
      .map(({ ms, lon, lat }) => ({ time: new Date(ms).toISOString(), lon, lat, quality: 'good' }));
  test('are told apart by what nothing gets to in time, and a spike is of none', () => {
    const here = every(10, 60);
    const there = every(10, 60, 15, 20_000, 5);
    const two = withBodies(points([...here, ...there]));
    expect(two.map(({ segment }, n) => segment === (n % 2) + 1)).toEqual(Array(120).fill(true));
    const spiked = withBodies(points([...here, fix(203, 90_000), ...every(10, 30, 15, 40_000, 700)]));
    const spike = spiked.find(({ lon }) => lon > 80_000 * metre);
    expect([spike?.segment, spiked[0]?.segment, spiked.at(-1)?.segment]).toEqual([0, 1, 2]);
  });
  test('one body, over midnight and over a gap, is left as it is', () => {
    const one = points([...every(10, 100), ...every(10, 100, 10, 0, 90_000)]);
    expect(withBodies(one)).toBe(one);
    expect(withBodies([])).toEqual([]);
  });
});

describe('together', () => {
  const rules = { radiusM: 100, maxStepMs: 60_000 };
  test('counts the time and way within reach, whatever the moments of the fixes', () => {
    const own = every(10, 61);
    const beside = every(7, 90, 10, 30);
    const both = together(own, beside, rules);
    expect(both).toMatchObject({
      seconds: 600,
      metres: expect.closeTo(6000, -1),
      nearestM: expect.closeTo(30, 0),
    });
    expect(both.stretches).toHaveLength(1);
    expect(together(own, every(7, 90, 10, 300), rules)).toMatchObject({ seconds: 0, stretches: [] });
  });
  test('a crossing is short, and a long silence of the other is not being together', () => {
    const crossing = Array.from({ length: 61 }, (_, n) => fix(n * 10, 3000, (n - 30) * 100));
    expect(together(every(10, 61), crossing, rules).seconds).toBeLessThan(30);
    expect(together(every(10, 61), [fix(0, 0), fix(600, 6000)], rules).seconds).toBeLessThan(1);
  });
});

test('of who was near now and then only the time around is read, within what is asked', () => {
  const minutes = (list: readonly { from: number; to: number }[]) =>
    list.map(({ from, to }) => [from / 60_000, to / 60_000]);
  expect(minutes(spansOf([40, 2, 3, 4], 12 * 60_000, 202 * 60_000))).toEqual([
    [12, 26],
    [199, 202],
  ]);
});

describe('chance', () => {
  const step = 400;
  const way = (turns: readonly number[]): Fix[] => {
    let [east, north] = [200, 200];
    const fixes = [fix(0, east, north)];
    for (const [n, turn] of turns.entries()) {
      [east, north] = turn ? [east, north + step * 1.15] : [east + step * 1.15, north];
      fixes.push(fix((n + 1) * 40, east, north));
    }
    return fixes;
  };
  const visits = (object: string, fixes: readonly Fix[]) =>
    fixes.map(({ lon, lat, ms }) => ({ object, cell: cellOf(lon, lat), stretch: stretchOf(ms) }));
  test('falls with every choice that was the same, and stays near one where there is none', () => {
    const turns = [0, 1, 0, 1, 1, 0];
    const crowd = Array.from({ length: 200 }, (_, n) =>
      visits(`t${n}`, way(turns.map((_, i) => (n >> i) & 1))),
    );
    const { choices, chance } = chanceOf(way(turns), new Traffic(crowd.flat()), new Set());
    expect(choices).toBe(6);
    expect(chance).toBeGreaterThan(0.5 ** 6 / 3);
    expect(chance).toBeLessThan(0.5 ** 6 * 3);
    const highway = Array.from({ length: 200 }, (_, n) => visits(`t${n}`, way(turns)));
    expect(chanceOf(way(turns), new Traffic(highway.flat()), new Set())).toEqual({ choices: 0, chance: 1 });
  });
});

describe('similarity', () => {
  test('the same way later is the same, the way back is the opposite, another is neither', () => {
    const a = resample(every(10, 200), 100);
    const later = resample(every(7, 280, 10, 20, 5000), 100);
    expect(similarityOf(a, later, 100)).toMatchObject({ direction: 'same', share: expect.closeTo(1, 1) });
    expect(similarityOf(a, [...later].reverse(), 100)).toMatchObject({ direction: 'opposite' });
    expect(similarityOf(a, resample(every(10, 200, 10, 900), 100), 100)).toMatchObject({ share: 0 });
    expect(similarityOf(a, [fix(0, 0)], 100)).toBeUndefined();
  });
  test('Fréchet and LCSS are those of their definitions', () => {
    const table = fc
      .integer({ min: 1, max: 6 })
      .chain((rows) =>
        fc
          .integer({ min: 1, max: 6 })
          .chain((columns) =>
            fc
              .array(fc.integer({ min: 0, max: 9 }), { minLength: rows * columns, maxLength: rows * columns })
              .map((cells) => ({ rows, columns, cells: Float64Array.from(cells) })),
          ),
      );
    fc.assert(
      fc.property(table, ({ rows, columns, cells }) => {
        const at = (i: number, j: number) => cells[i * columns + j] as number;
        const leash = (i: number, j: number): number => {
          if (i === 0 && j === 0) return at(0, 0);
          const ways = [
            ...(i > 0 ? [leash(i - 1, j)] : []),
            ...(j > 0 ? [leash(i, j - 1)] : []),
            ...(i > 0 && j > 0 ? [leash(i - 1, j - 1)] : []),
          ];
          return Math.max(at(i, j), Math.min(...ways));
        };
        const common = (i: number, j: number): number => {
          if (i < 0 || j < 0) return 0;
          return at(i, j) <= 4 ? common(i - 1, j - 1) + 1 : Math.max(common(i - 1, j), common(i, j - 1));
        };
        expect(frechet(cells, rows, columns)).toBe(leash(rows - 1, columns - 1));
        expect(lcss(cells, rows, columns, 4)).toBe(common(rows - 1, columns - 1));
      }),
    );
  });
  test('trips are cut where an object was away, and those that touch too little of the way are left out', () => {
    const cells = new Set([1, 2, 3, 4]);
    const visit = (object: string, cell: number, stretch: number) => ({ object, cell, stretch });
    const visits = [1, 2, 3, 4].flatMap((cell) => [visit('a', cell, cell), visit('a', cell, 100 + cell)]);
    const trips = tripsThrough([...visits, visit('b', 1, 1)], cells);
    expect(trips.map(({ object, from, share }) => [object, from / 300_000, share])).toEqual([
      ['a', 1, 1],
      ['a', 101, 1],
    ]);
  });
});

describe('stops', () => {
  test('are looked for where an object kept to one cell, and measured by its fixes', () => {
    const fixes = [
      ...every(60, 10),
      ...Array.from({ length: 20 }, (_, n) => fix(600 + n * 60, 5400)),
      fix(1800, 9000),
    ];
    const visits = fixes.map(({ lon, lat, ms }) => ({
      object: 'a',
      cell: cellOf(lon, lat),
      stretch: stretchOf(ms),
    }));
    const suspects = suspectsOf(visits);
    expect(suspects.some(({ from, to }) => from <= 900_000 && to >= 1_500_000)).toBe(true);
    const rules = { radiusM: 50, stopMs: 300_000, gapMs: 3_600_000 };
    const [stay, ...more] = stopsIn(fixes, rules);
    expect([more.length, ((stay?.lastMs ?? 0) - (stay?.fromMs ?? 0)) / 1000]).toEqual([0, 1200]);
    if (!stay) throw new Error('no stop');
    expect(
      heatOf([
        { object: 'a', stay },
        { object: 'b', stay },
      ]),
    ).toMatchObject([{ stops: 2, objects: 2, seconds: 2400 }]);
  });
  test('cells of a rectangle are all of it, or too many', () => {
    const cells = cellsWithin(119, 34, 119.01, 34.01, 100) ?? [];
    expect(cells).toContain(cellOf(119.005, 34.005));
    expect(new Set(cells).size).toBe(cells.length);
    expect(cellsWithin(119, 34, 121, 36, 100)).toBeUndefined();
  });
});

describe('across 180 degrees', () => {
  const ship = (second: number, east: number): Fix => {
    const lon = 180 + east * metre;
    return { ms: second * 1000, lon: lon >= 180 ? lon - 360 : lon, lat: 0.001 };
  };
  test('cells lie side by side, and an area goes on', () => {
    expect(cellsAround(179.9999, 0.001, 100)).toContain(cellOf(-179.9999, 0.001));
    expect(cellsAround(-179.9999, 0.001, 100)).toContain(cellOf(179.9999, 0.001));
    const cells = cellsWithin(179.99, 0, -179.99, 0.01, 100) ?? [];
    for (const lon of [179.995, -180, -179.995]) expect(cells).toContain(cellOf(lon, 0.005));
    expect(cells.length).toBeLessThanOrEqual(21);
    expect(cellsWithin(-180, -90, 180, 90, 10_000)).toBeUndefined();
  });
  test('two ships are together, one that lies there has stopped, and ways are alike', () => {
    const sail = (besideM: number, from: number) =>
      Array.from({ length: 41 }, (_, n) => ship(from + n * 20, -2000 + n * 100 + besideM));
    const both = together(sail(0, 0), sail(35, 7), { radiusM: 100, maxStepMs: 60_000 });
    expect([both.stretches.length, both.seconds]).toEqual([1, 780]);
    const swings = Array.from({ length: 20 }, (_, n) => ship(n * 60, n % 2 === 0 ? 5 : -5));
    const rules = { radiusM: 50, stopMs: 300_000, gapMs: 3_600_000 };
    expect(stopsIn(swings, rules)).toHaveLength(1);
    const way = resample(sail(0, 0), 17);
    expect(Math.max(...way.map(({ lon }) => Math.abs(lon)))).toBeLessThanOrEqual(180);
    expect(similarityOf(way, resample(sail(20, 500), 17), 50)).toMatchObject({ share: 1, direction: 'same' });
  });
});

describe('arrival', () => {
  test('quantiles and the chance to be late come from past trips, and few trips make none', () => {
    const minutes = Array.from({ length: 21 }, (_, n) => (20 - n + 10) * 60_000);
    const said = forecast('yard', minutes, 0, 25 * 60_000);
    expect(said).toMatchObject({
      trips: 21,
      p10: '1970-01-01T00:12:00.000Z',
      p50: '1970-01-01T00:20:00.000Z',
    });
    expect(said.lateChance).toBeCloseTo(6 / 23);
    expect(forecast('yard', minutes.slice(0, 4), 0)).toMatchObject({ why: expect.stringMatching(/only 4/) });
  });
});
