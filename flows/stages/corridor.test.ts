import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft } from '#flows/message';
import { at, position } from '#test/support/messages';
import { configOf, runStage } from '#test/support/stage-harness';
import { corridor } from './corridor.ts';

const metre = 1 / 111_319.5;
const line = [
  [0, 0],
  [0.05, 0],
];
const config = { corridors: [{ id: 'road', line, widthM: 100 }] };

/** Fixes every ten seconds: metres along the road and beside it. */
function events(places: readonly (readonly [number, number])[], more: object = {}) {
  const run = runStage(corridor, { ...config, ...more });
  places.forEach(([alongM, besideM], i) => {
    run.push(position(i * 10, alongM * metre, besideM * metre));
  });
  return (run.port('out') as EventDraft[]).map(({ type, time, data }) => ({
    type: type.split('.')[2],
    time,
    data,
  }));
}

test('tells when an object leaves the road, and when it is back, with what it did meanwhile', () => {
  const places = [
    [0, 0],
    [500, 10],
    [1000, 300],
    [1500, 400],
    [2000, 50],
    [2500, 0],
  ] as const;
  expect(events(places)).toMatchObject([
    { type: 'deviation', time: at(20), data: { corridor: 'road', confirmed: at(30) } },
    { type: 'rejoin', time: at(40), data: { confirmed: at(50), seconds: 20 } },
  ]);
  const [, rejoin] = events(places);
  expect(rejoin?.data.maxOffsetM).toBeCloseTo(400, -1);
  expect(rejoin?.data.lengthM).toBeCloseTo(500 + 610, -2);
});

test('says nothing of one fix beside it, of noise at its edge, or of an object that never was on it', () => {
  expect(
    events([
      [0, 0],
      [500, 400],
      [1000, 0],
      [1500, 0],
    ]),
  ).toEqual([]);
  expect(
    events([
      [0, 0],
      [500, 105],
      [600, 110],
      [700, 95],
      [800, 112],
      [900, 113],
    ]),
  ).toEqual([]);
  expect(
    events([
      [0, 900],
      [500, 900],
      [1000, 900],
    ]),
  ).toEqual([]);
});

test('lets objects leave at either end', () => {
  expect(
    events([
      [5000, 0],
      [5500, 0],
      [6000, 0],
      [6500, 0],
      [7000, 900],
    ]),
  ).toEqual([]);
});

test('tells the wrong way once, where there is one', () => {
  const places = [
    [0, 0],
    [500, 0],
    [480, 0],
    [400, 0],
    [300, 0],
    [200, 0],
    [600, 0],
    [620, 0],
    [500, 0],
    [600, 0],
    [610, 0],
    [500, 0],
    [400, 0],
  ] as const;
  expect(events(places)).toMatchObject([
    { type: 'wrongWay', time: at(30), data: { confirmed: at(40), alongM: expect.closeTo(400, 0) } },
    { type: 'wrongWay', time: at(110) },
  ]);
  expect(events(places, { corridors: [{ id: 'road', line, oneWay: false }] })).toEqual([]);
});

test('a vehicle may go back to the begin of its route, and is told only when it leaves there', () => {
  const toBegin = [
    [400, 0],
    [250, 0],
    [100, 0],
    [100, 20],
  ] as const;
  expect(events([...toBegin, [170, 0], [260, 0], [900, 0]])).toEqual([]);
  expect(events(toBegin, { approachM: 300 })).toMatchObject([{ type: 'wrongWay', time: at(10) }]);
  const out = events([...toBegin, [-200, 0], [-400, 0]]);
  expect(out).toMatchObject([{ type: 'wrongWay', time: at(10), data: { confirmed: at(50) } }]);
  // one that has begun its way and turns is told, however near to the begin
  expect(events([...toBegin, [170, 0], [260, 0], [250, 0], [120, 0], [90, 0]])).toMatchObject([
    { type: 'wrongWay' },
  ]);
});

test('one fix that errs ahead makes nobody who stands go back', () => {
  const stands = [
    [800, 0],
    [1000, 0],
    [1150, 0],
    [1000, 0],
    [1000, 0],
    [1000, 0],
    [1200, 0],
  ] as const;
  expect(events(stands)).toEqual([]);
});

const noisy = (sigmaM: number, seed: number) => {
  let x = seed;
  const uniform = () => {
    x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0;
    return (x + 1) / 4_294_967_297;
  };
  return () => sigmaM * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
};
const seed = fc.integer({ min: 1, max: 2 ** 31 });

/** Of 95 fixes of a vehicle that stops often, one errs ahead by 44 m and two behind by 10. */
const strayAhead: [number, { stepM: number; stop: number }[], number] = [
  321,
  [3, 6, 2, 7, 7, 2, 0, 3, 7, 2, 4, 2, 7, 6, 5].map((stop) => ({ stepM: 30, stop })),
  161_331_858,
];

test('tells no vehicle that goes to its start, drives forward, stops and is 10 m off, that it goes the wrong way', () => {
  const legs = fc.array(
    fc.record({ stepM: fc.integer({ min: 30, max: 150 }), stop: fc.integer({ min: 0, max: 8 }) }),
    {
      minLength: 3,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 450 }), legs, seed, (beginM, steps, start) => {
      const off = noisy(10, start);
      const places: [number, number][] = [];
      const be = (alongM: number) => places.push([alongM + off(), off()]);
      for (let alongM = beginM; alongM > 20; alongM -= 60) be(alongM);
      let alongM = 20;
      for (const { stepM, stop } of steps) {
        alongM += stepM;
        for (let k = 0; k <= stop; k++) be(alongM);
      }
      expect(events(places)).toEqual([]);
    }),
    { examples: [strayAhead] },
  );
});

test('loses no vehicle that drives back, wherever it turns, or that comes in by the end or from aside', () => {
  const from = fc.integer({ min: 150, max: 5400 });
  const came = fc.constantFrom('forward', 'from aside');
  fc.assert(
    fc.property(from, came, fc.integer({ min: 20, max: 140 }), seed, (turnM, how, stepM, start) => {
      const off = noisy(10, start);
      const places: [number, number][] = [];
      const be = (alongM: number) => places.push([alongM + off(), off()]);
      if (how === 'forward') for (let alongM = 0; alongM < turnM; alongM += 70) be(alongM);
      for (let alongM = turnM; alongM > -500; alongM -= stepM) be(alongM);
      expect(events(places).filter(({ type }) => type === 'wrongWay')).toHaveLength(1);
    }),
  );
});

test('a route that crosses itself is no wrong way where it does', () => {
  // 10 m east of the line: east, a loop to the north, and back over its own beginning to the south
  const loop = [
    [0, 0],
    [1000, 0],
    [1000, 600],
    [500, 600],
    [500, -900],
  ].map(([x = 0, y = 0]) => [x * metre, y * metre]);
  const run = runStage(corridor, { corridors: [{ id: 'road', line: loop, widthM: 60 }] });
  let second = 0;
  loop.slice(1).forEach(([toX = 0, toY = 0], i) => {
    const [fromX = 0, fromY = 0] = loop[i] ?? [];
    const steps = Math.round(Math.hypot(toX - fromX, toY - fromY) / metre / 4);
    for (let k = 0; k < steps; k++, second++)
      run.push(
        position(
          second,
          fromX + ((toX - fromX) * k) / steps + 10 * metre,
          fromY + ((toY - fromY) * k) / steps,
        ),
      );
  });
  expect(run.port('out')).toEqual([]);
});

/** A route through corners in metres, and what is told of objects that are so far along it, ten seconds apart, with errors of 8 m. */
function onRoute(corners: readonly (readonly [number, number])[], alongM: readonly number[]) {
  const run = runStage(corridor, {
    corridors: [{ id: 'road', line: corners.map(([x, y]) => [x * metre, y * metre]), widthM: 100 }],
  });
  alongM.forEach((metres, i) => {
    let restM = metres;
    let [x, y] = corners[0] as readonly [number, number];
    for (const [toX, toY] of corners.slice(1)) {
      const pieceM = Math.hypot(toX - x, toY - y);
      const share = Math.max(0, Math.min(1, restM / pieceM));
      [x, y] = [x + (toX - x) * share, y + (toY - y) * share];
      if (restM <= pieceM) break;
      restM -= pieceM;
    }
    const err = [0, 8, -5, 3, -8][i % 5] ?? 0;
    run.push(position(i * 10, (x + err) * metre, (y - err) * metre));
  });
  return (run.port('out') as EventDraft[]).map(({ type }) => type.split('.')[2]);
}
const steps = (from: number, to: number) =>
  Array.from(
    { length: Math.floor(Math.abs(to - from) / 200) + 1 },
    (_, i) => from + Math.sign(to - from) * i * 200,
  );

test('a route whose ways there and back lie side by side is no wrong way where it turns, unless one turns before', () => {
  const hairpin = [
    [0, 0],
    [5000, 0],
    [5000, 60],
    [0, 60],
  ] as const;
  for (const from of [0, 2000, 6500]) expect(onRoute(hairpin, steps(from, 10_000))).toEqual([]);
  expect(onRoute(hairpin, [...steps(0, 3000), ...steps(2800, 400)])).toEqual(['wrongWay']);
  expect(onRoute(hairpin, steps(9900, 300))).toEqual(['wrongWay']);
});

test('a round may be begun anywhere and driven again and again, but not backwards', () => {
  const round = [
    [0, 0],
    [3000, 0],
    [3000, 3000],
    [0, 3000],
    [0, 0],
  ] as const;
  for (const from of [0, 30, 6000])
    expect(onRoute(round, [...steps(from, 12_000), ...steps(100, 12_000), ...steps(100, 5000)])).toEqual([]);
  expect(onRoute(round, steps(11_900, 100))).toEqual(['wrongWay']);
  expect(onRoute(round, [...steps(1000, 100), ...steps(11_900, 9000)])).toEqual(['wrongWay']);
});

test('who comes back to the road farther back after a detour does not go the wrong way by that', () => {
  const out = [0, 1000, 2000, 3000].map((x) => [x, 0] as const);
  const detour = [2500, 1800, 1200].map((x) => [x, 800] as const);
  const back = [1000, 1200, 1400].map((x) => [x, 0] as const);
  const told = (places: readonly (readonly [number, number])[]) => events(places).map(({ type }) => type);
  expect(told([...out, ...detour, ...back])).toEqual(['deviation', 'rejoin']);
  expect(told([...out, ...detour, ...back, [1200, 0], [1000, 0], [800, 0]])).toEqual([
    'deviation',
    'rejoin',
    'wrongWay',
  ]);
});

test('how far off a deviation was does not count one fix beside the road before it', () => {
  const places = [0, 200, 400, 600, 800, 1000, 1200, 1400].map((x) => [x, 0] as [number, number]);
  (places[1] as [number, number])[1] = 900;
  for (const i of [4, 5]) (places[i] as [number, number])[1] = 150;
  expect(events(places).at(-1)).toMatchObject({ type: 'rejoin', data: { maxOffsetM: 149 } });
});

test('watches only the devices that it is told of', () => {
  expect(
    events(
      [
        [0, 0],
        [500, 0],
        [1000, 300],
        [1500, 400],
      ],
      { devices: ['t2'] },
    ),
  ).toEqual([]);
});

test('routes may be a named set, whose faults are told with their place', () => {
  const route = { type: 'LineString', coordinates: line };
  const feature = { type: 'Feature', properties: { id: 'road', widthM: 100 }, geometry: route };
  const sets: Record<string, unknown> = {
    good: { type: 'FeatureCollection', features: [feature] },
    bad: { type: 'FeatureCollection', features: [feature, { ...feature, properties: {} }] },
    empty: { type: 'FeatureCollection', features: [] },
  };
  const resources = { fenceSet: (name: string) => sets[name] };
  const run = (name: string) => runStage(corridor, { corridors: name }, { resources });
  const good = run('good');
  [0, 0, 300, 400].forEach((besideM, i) => {
    good.push(position(i * 10, i * 500 * metre, besideM * metre));
  });
  expect(good.port('out')).toMatchObject([{ data: { corridor: 'road' } }]);
  expect(() => run('bad')).toThrow(/features\[1\]/);
  expect(() => run('empty')).toThrow(/no routes/);
  expect(() => run('none')).toThrow(/no set of routes called none/);
});

test('refuses routes that cannot be, with the place', () => {
  const of = (...corridors: object[]) =>
    configOf(corridor, { corridors: corridors.map((one) => ({ id: 'a', line, ...one })) });
  expect(() => of({}, {})).toThrow('corridors[1].id: another route is called a too');
  expect(() =>
    of({
      line: [
        [0, 0],
        [0, 95],
      ],
    }),
  ).toThrow('corridors[0].line[1]');
  expect(() =>
    of({
      line: [
        [1, 1],
        [1, 1],
      ],
    }),
  ).toThrow('are the same');
});
