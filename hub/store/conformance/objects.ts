import { ok, deepStrictEqual as same } from 'node:assert';
import {
  at,
  boxRecord,
  events,
  fence,
  fencesAt,
  group,
  position,
  type StoreCase,
  sampleEvent,
} from './samples.ts';

/** What is projected from events. */
export const objectCases: readonly StoreCase[] = [
  {
    name: 'objects are where they were, in their fences of then, late and withdrawn events included',
    async run(store) {
      await store.boxes.add(boxRecord('b'));
      await store.records.append(
        [
          group(
            'b',
            events(
              position('b', 1, 0, 119),
              fence('b', 2, 10, 'enter', 'a'),
              fence('b', 3, 30, 'enter', 'c'),
            ),
          ),
        ],
        at(0),
      );
      same(await fencesAt(store, 5), []);
      same(await fencesAt(store, 30), ['a', 'c']);
      await store.records.append([group('b', events(fence('b', 4, 20, 'exit', 'a')))], at(0));
      same(
        [await fencesAt(store, 15), await fencesAt(store, 25), await fencesAt(store, 30)],
        [['a'], [], ['c']],
      );
      const withdrawn = fence('b', 5, 30, 'exit', 'x', { supersedes: 'b:3', data: { retracted: true } });
      await store.records.append([group('b', events(withdrawn, position('b', 6, 40, 120)))], at(0));
      same(await fencesAt(store, 60), []);
      const [state] = await store.objects.at(at(39), 86_400_000);
      same([state?.lon, state?.box, state?.site, state?.kind], [119, 'b', 'quay', 'vehicle']);
      same(await store.objects.at(at(100), 10_000), []);
      same(await store.objects.sites('truck'), ['quay']);
    },
  },
  {
    name: 'a seal with a receiver of its own is a seal, whatever is heard of it first',
    async run(store) {
      const fix = (sequence: number, subject: string) =>
        sampleEvent('b', sequence, {
          type: 'quaywatch.position.observed',
          subject,
          seconds: sequence,
          data: { lon: 119, lat: 34, attributes: { seal: true } },
        });
      const word = (sequence: number, subject: string) =>
        sampleEvent('b', sequence, {
          type: 'quaywatch.seal.observed',
          subject,
          seconds: sequence,
          data: { lon: 119, lat: 34, state: 'locked' },
        });
      const said = [fix(1, 'seal-1'), word(2, 'seal-1'), word(3, 'seal-2'), fix(4, 'seal-2')];
      await store.records.append([group('b', events(...said))], at(0));
      same((await store.objects.at(at(10), 86_400_000)).map(({ object, kind }) => [object, kind]).sort(), [
        ['seal-1', 'seal'],
        ['seal-2', 'seal'],
      ]);
    },
  },
  {
    name: 'fences are the same in whatever order and groups their changes come, and after it is opened again',
    async run(store, reopen) {
      const changes = [...'abcabdcadbcabd'].map((id, n) =>
        fence('b', n + 1, (n * 5) % 14, n % 3 === 1 ? 'exit' : 'enter', id),
      );
      const expected = (seconds: number) => {
        const inside = new Set<string>();
        const told = [...changes].sort((a, b) => (a.time < b.time ? -1 : 1));
        for (const { time, type, data } of told)
          if (Date.parse(time) <= at(seconds))
            inside[type.endsWith('enter') ? 'add' : 'delete'](String(data.fence));
        return [...inside].sort();
      };
      let now = store;
      await now.records.append([group('b', events(position('b', 99, 0, 119)), 'telemetry')], at(0));
      for (const [from, to] of [
        [0, 1],
        [1, 6],
        [6, 7],
        [7, 14],
      ]) {
        await now.records.append([group('b', events(...changes.slice(from, to)))], at(0));
        now = await reopen();
      }
      for (let n = 0; n < 14; n += 1) same([n, await fencesAt(now, n)], [n, expected(n)]);
    },
  },
  {
    name: 'fixes of an object are those of its track, however many of how few are wanted',
    async run(store) {
      const seconds = Array.from({ length: 700 }, (_, n) => (n < 650 ? n * 1.7 : 1200 + (n - 650) ** 2 / 3));
      const list = seconds.map((second, n) => {
        const one = position('b', n + 1, second, 100 + n / 100);
        return n % 3 === 0 ? one : { ...one, data: { ...one.data, courseDeg: n % 360 } };
      });
      await store.records.append([group('b', events(...list))], at(0));
      for (const most of [2, 3, 7, 60, 345, 699, 700, 5000])
        for (const [from, to] of [
          [0, 3000],
          [40, 41],
          [100.5, 900],
          [1300, 1301],
          [5000, 6000],
        ] as const) {
          const { points } = await store.objects.track('truck', at(from), at(to), most);
          const fixes = points.map(({ time, lon, lat, courseDeg }) => ({
            ...{ ms: Date.parse(time), lon, lat },
            ...(courseDeg === undefined ? {} : { courseDeg }),
          }));
          same(await store.objects.fixes('truck', at(from), at(to), most), fixes);
        }
      same(await store.objects.fixes('nobody', at(0), at(1), 5), []);
    },
  },
  {
    name: 'a track is in order of time and thinned to a bound that keeps its ends',
    async run(store) {
      const list = Array.from({ length: 500 }, (_, n) => position('b', n + 1, (n * 7) % 500, 100 + n / 100));
      await store.records.append([group('b', events(...list))], at(0));
      const whole = await store.objects.track('truck', at(0), at(499), 1000);
      same([whole.points.length, whole.thinned], [500, false]);
      const thin = await store.objects.track('truck', at(0), at(499), 20);
      ok(thin.thinned && thin.points.length >= 15 && thin.points.length <= 22);
      for (const { points } of [whole, thin]) {
        const times = points.map(({ time }) => time);
        same(times, [...times].sort());
        same([times[0], times.at(-1)], [new Date(at(0)).toISOString(), new Date(at(499)).toISOString()]);
      }
      // fixes on the borders of the stretches, where roundings put them on either side
      for (let end = 245; end < 500; end += 4) {
        const { points } = await store.objects.track('truck', at(0), at(end), 240);
        same([points.length <= 260, points.at(-1)?.time], [true, new Date(at(end)).toISOString()]);
      }
      same(await store.objects.track('nobody', at(0), at(1), 5), {
        object: 'nobody',
        points: [],
        thinned: false,
      });
    },
  },
];
