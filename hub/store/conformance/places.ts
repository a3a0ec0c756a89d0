import { deepStrictEqual as same } from 'node:assert';
import type { Feature } from 'geojson';
import { cellOf, stretchOf } from '../visits.ts';
import { at, boxRecord, events, fence, group, position, type StoreCase } from './samples.ts';

const area = (id: string, east: number): Feature => ({
  type: 'Feature',
  properties: { id },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [east, 0],
        [east + 1, 0],
        [east, 1],
        [east, 0],
      ],
    ],
  },
});
const port = { name: 'port', kind: 'fences' as const, title: 'Port', time: at(0), actor: 'mei' };

/** Fence sets with their versions, and the index from places to objects. */
export const placeCases: readonly StoreCase[] = [
  {
    name: 'a fence set is what it was in every version, and a change on an old version is not stored',
    async run(store, reopen) {
      const { fenceSets } = store;
      same([await fenceSets.one('port'), await fenceSets.features('port')], [undefined, []]);
      const first = await fenceSets.change({
        ...port,
        after: 0,
        note: 'drawn',
        changes: [
          { id: 'b', feature: area('b', 1) },
          { id: 'a', feature: area('a', 0) },
        ],
      });
      same(first, { version: 1, time: at(0), actor: 'mei', note: 'drawn', added: 2, changed: 0, removed: 0 });
      same(await fenceSets.change({ ...port, after: 0, changes: [] }), undefined);
      await fenceSets.change({
        ...port,
        site: 'quay',
        after: 1,
        changes: [{ id: 'a', feature: area('a', 5) }, { id: 'b' }, { id: 'never' }],
      });
      const again = (await reopen()).fenceSets;
      const { time: _, actor: __, ...set } = port;
      same(await again.list(), [{ ...set, site: 'quay', version: 2, features: 1 }]);
      same(await again.features('port', 1), [
        { id: 'a', version: 1, feature: area('a', 0) },
        { id: 'b', version: 1, feature: area('b', 1) },
      ]);
      same(await again.features('port'), [{ id: 'a', version: 2, feature: area('a', 5) }]);
      same([await again.feature('port', 'b'), (await again.feature('port', 'a'))?.version], [undefined, 2]);
      same(await again.featureHistory('port', 'b'), [
        { id: 'b', version: 2 },
        { id: 'b', version: 1, feature: area('b', 1) },
      ]);
      const history = await again.history('port', 99, 10);
      same(
        history.map(({ version, added, changed, removed }) => [version, added, changed, removed]),
        [
          [2, 0, 1, 1],
          [1, 2, 0, 0],
        ],
      );
      same((await again.history('port', 2, 10)).length, 1);
    },
  },
  {
    name: 'of two who change a set at once one is first',
    async run({ fenceSets }) {
      const one = (id: string) =>
        fenceSets.change({ ...port, after: 0, changes: [{ id, feature: area(id, 0) }] });
      const answers = await Promise.all(['a', 'b', 'c'].map(one));
      same([answers.filter(Boolean).length, (await fenceSets.one('port'))?.features], [1, 1]);
    },
  },
  {
    name: 'who was where: visits by cell and stretch, late fixes included',
    async run(store, reopen) {
      const fixes = [
        position('b', 1, 0, 119),
        position('b', 2, 700, 119),
        position('b', 3, 650, 119.5, 'other'),
      ];
      await store.records.append([group('b', events(...fixes))], at(0));
      const { visits } = await reopen();
      const cell = cellOf(119, 34);
      const range = (from: number, to: number) => ({
        cell,
        from: stretchOf(at(from)),
        to: stretchOf(at(to)),
      });
      same(
        (await visits.within([range(0, 900)], 10)).map((visit) => visit.stretch),
        [stretchOf(at(700)), stretchOf(at(0))],
      );
      same(await visits.within([range(0, 1)], 10), [{ object: 'truck', cell, stretch: stretchOf(at(0)) }]);
      same(
        (await visits.within([range(0, 900), { ...range(0, 900), cell: cellOf(119.5, 34) }], 10)).length,
        3,
      );
      same((await visits.within([range(0, 900)], 1)).length, 1);
    },
  },
  {
    name: 'a thinned track keeps both ends of its gaps, and crossings of a fence are found',
    async run(store) {
      await store.boxes.add(boxRecord('b'));
      const seconds = [...Array(300).keys(), ...Array.from({ length: 300 }, (_, n) => 1000 + n)];
      const fixes = seconds.map((second, n) => position('b', n + 1, second, 119));
      await store.records.append([group('b', events(...fixes))], at(0));
      const { points, thinned } = await store.objects.track('truck', at(0), at(2000), 60);
      const times = points.map(({ time }) => (Date.parse(time) - at(0)) / 1000);
      same([thinned, times.includes(299), times.includes(1000), times.at(-1)], [true, true, true, 1299]);
      await store.records.append(
        [
          group(
            'b',
            events(fence('b', 700, 5, 'enter', 'gate'), fence('b', 701, 9, 'exit', 'gate')),
            'verdict',
          ),
        ],
        at(0),
      );
      same(await store.objects.crossings('gate', at(0), at(9), 5), [
        { object: 'truck', time: at(9), inside: false },
        { object: 'truck', time: at(5), inside: true },
      ]);
      same((await store.objects.crossings('gate', at(0), at(8), 1)).length, 1);
    },
  },
];
