import { strictEqual as equal, deepStrictEqual as same } from 'node:assert';
import type { StateChange } from '#flows/runtime';
import type { Append, Checkpoint } from '../store.ts';
import { at, events, group, type StoreCase, sampleEvent } from './samples.ts';

const entry = (key: string, value: unknown): StateChange => ({
  node: 'way',
  space: 'state',
  key,
  version: 1,
  value,
});
const checkpoint = (
  count: number,
  changes: readonly StateChange[],
  more: Partial<Checkpoint> = {},
): Append => ({
  ...group('hub-1', [], 'telemetry', ''),
  checkpoint: { flow: 'f', part: 0, count, position: count, clockMs: at(count), changes, ...more },
});

/** Places and states of the hub's flows. */
export const flowCases: readonly StoreCase[] = [
  {
    name: 'a flow begins where it is told, its state moves on with its events, and nothing of it is left when it is forgotten',
    async run(store, reopen) {
      await store.records.append([group('b', events(sampleEvent('b', 1)))], at(0));
      await store.flows.begin('f', 2, 'now');
      await store.flows.begin('g', 1, 'start');
      await store.flows.begin('f', 2, 'start'); // it has begun
      const first = { flow: 'f', part: 0, count: 0, position: 1, clockMs: 0 };
      same(await store.flows.places('f'), [first, { ...first, part: 1 }]);
      same((await store.flows.places('g'))[0]?.position, 0);
      const told = group('hub-1', events(sampleEvent('hub-1', 1)));
      const [, answer] = await store.records.append(
        [told, checkpoint(1, [entry('a', { n: 1 }), entry('x\0', [2])])],
        at(1),
      );
      equal(answer?.moved, undefined);
      await store.records.append([checkpoint(2, [entry('a', undefined), entry('x\0', 3)])], at(2));
      const again = await reopen();
      same(await again.flows.state('f', 0), [entry('x\0', 3)]);
      same(await again.flows.state('f', 1), []);
      same((await again.flows.places('f'))[0], { ...first, count: 2, position: 2, clockMs: at(2) });
      await again.flows.forget('f');
      same([await again.flows.places('f'), await again.flows.state('f', 0)], [[], []]);
      equal((await again.flows.places('g')).length, 1);
    },
  },
  {
    name: 'a checkpoint that does not follow the one before stores nothing, and neither does what comes with it',
    async run(store) {
      await store.flows.begin('f', 1, 'now');
      await store.records.append([checkpoint(1, [entry('a', 1)])], at(1));
      for (const count of [1, 3]) {
        const told = group('hub-1', events(sampleEvent('hub-1', 1)));
        const box = group('b', events(sampleEvent('b', 1)));
        const answers = await store.records.append([box, told, checkpoint(count, [entry('a', 9)])], at(1));
        same(
          answers.map(({ moved, stored }) => [moved, stored.length]),
          [
            [undefined, 0],
            [undefined, 0],
            [true, 0],
          ],
        );
      }
      const [gone] = await store.records.append([checkpoint(1, [], { flow: 'none' })], at(1));
      equal(gone?.moved, true);
      same(await store.flows.state('f', 0), [entry('a', 1)]);
      same(await store.records.watermarks(), []);
      same(await store.records.after(0, 10), []);
    },
  },
  {
    name: 'nothing is dated before the clock of a flow',
    async run(store) {
      await store.flows.begin('f', 1, 'now');
      await store.records.append([checkpoint(1, [], { clockMs: at(50) })], at(1));
      const [early] = await store.records.append([group('b', events(sampleEvent('b', 1)))], at(49));
      const [later] = await store.records.append([group('b', events(sampleEvent('b', 2)))], at(51));
      same(
        [early, later].map((answer) => answer?.stored[0]?.stored),
        [new Date(at(50)).toISOString(), new Date(at(51)).toISOString()],
      );
    },
  },
];
