import { strictEqual as equal, ok, deepStrictEqual as same } from 'node:assert';
import type { Event, Priority } from '#flows/event';
import type { Tombstone } from '#flows/wire';
import { at, events, fence, group, type StoreCase, sampleEvent, sequences } from './samples.ts';

/** Events, tombstones, watermarks and counts. */
export const recordCases: readonly StoreCase[] = [
  {
    name: 'what is appended is there, in the order of time, also when it is opened again',
    async run(store, reopen) {
      const [one, two, three] = [1, 2, 3].map((n) => sampleEvent('b', n, { seconds: 10 - n })) as [
        Event,
        Event,
        Event,
      ];
      const [answer] = await store.records.append([group('b', events(one, two, three))], at(99));
      same(
        answer?.stored.map(({ event }) => event),
        [one, two, three],
      );
      equal(answer?.upto, 3);
      const again = await reopen();
      same(await sequences(again), [1, 2, 3]);
      equal((await again.records.one('b', 2))?.stored, new Date(at(99)).toISOString());
      same((await again.records.one('b', 2))?.event, two);
      same(await again.records.watermarks(), [{ box: 'b', priority: 'alarm', upto: 3 }]);
      const reordered = Object.fromEntries(Object.entries(two).reverse()) as Event;
      equal(await again.records.different('b', [one, reordered, three]), undefined);
      equal(await again.records.different('b', [one, sampleEvent('b', 9)]), 9);
      equal(await again.records.different('b', [one, { ...two, data: { value: 3 } }]), 2);
      equal(await again.records.position(), answer?.stored[2]?.position);
    },
  },
  {
    name: 'a number that is taken ends its group there, and touches no other group',
    async run(store) {
      await store.records.append([group('b', events(sampleEvent('b', 2)))], at(0));
      const [first, second] = await store.records.append(
        [
          group('b', events(sampleEvent('b', 1), sampleEvent('b', 2), sampleEvent('b', 3)), 'verdict'),
          group('c', events(sampleEvent('c', 1))),
        ],
        at(0),
      );
      same([first?.conflict, first?.upto, first?.stored.length], [2, 1, 1]);
      same([second?.conflict, second?.upto], [undefined, 1]);
      same((await sequences(store, { box: ['b'] })).sort(), [1, 2]);
      equal((await store.records.one('b', 2))?.event.priority, 'alarm');
    },
  },
  {
    name: 'in a long group, too, what comes before the number that is taken is stored, and nothing after it',
    async run(store, reopen) {
      await store.records.append([group('b', events(sampleEvent('b', 151)), 'verdict')], at(0));
      const list = Array.from({ length: 200 }, (_, n) => fence('b', n + 1, n + 1, 'enter', `f${n + 1}`));
      const [answer] = await store.records.append([group('b', events(...list))], at(0));
      same([answer?.conflict, answer?.upto, answer?.stored.length], [151, 150, 150]);
      const again = await reopen();
      const positions = await Promise.all(
        (answer?.stored ?? []).map(
          async ({ event }) => (await again.records.one('b', event.sequence))?.position,
        ),
      );
      same(
        positions,
        answer?.stored.map(({ position: place }) => place),
      );
      equal(await again.records.one('b', 152), undefined);
      const line = await again.records.timeline(at(0), at(300), 1);
      equal(
        line.counts.reduce((sum, { alarm }) => sum + alarm, 0),
        150,
      );
    },
  },
  {
    name: 'reading on from a position meets every event once, in the order in which they were stored',
    async run(store) {
      for (let n = 1; n <= 9; n += 1)
        await store.records.append([group('b', events(sampleEvent('b', n, { seconds: 9 - n })))], at(0));
      const met: number[] = [];
      for (let position = 0; ; ) {
        const some = await store.records.after(position, 4);
        met.push(...some.map(({ event }) => event.sequence));
        const last = some.at(-1);
        if (!last) break;
        position = last.position;
      }
      same(met, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    },
  },
  {
    name: 'who was heard of: of many names those that have events in the time, counted up to a limit',
    async run(store) {
      const said = (sequence: number, subject: string, seconds: number) =>
        sampleEvent('b', sequence, { subject, seconds });
      const all = [said(1, 'a', 5), said(2, 'b', 7), said(3, 'a', 9), said(4, 'a', 1), said(5, 'c', 99)];
      await store.records.append([group('b', events(...all))], at(0));
      const heard = (from: number, to: number, most = 10) =>
        store.records.heard(['none', 'a', 'c', "b'"], at(from), at(to), most);
      same(await heard(1, 98), [{ subject: 'a', events: 3, first: at(1), last: at(9) }]);
      same(await heard(2, 98, 1), [{ subject: 'a', events: 1, first: at(5), last: at(9) }]);
      same(
        (await heard(0, 200)).map(({ subject }) => subject),
        ['a', 'c'],
      );
      same(await store.records.heard([], at(0), at(200), 10), []);
    },
  },
  {
    name: 'tombstones move the watermark and are kept',
    async run(store) {
      const tombstone: Tombstone = {
        priority: 'alarm',
        from: 1,
        to: 7,
        count: 7,
        previous: 0,
        reason: 'budget',
      };
      const [answer] = await store.records.append([group('b', [{ tombstone }])], at(0));
      same([answer?.upto, answer?.stored], [7, []]);
      same(await store.records.tombstones('b'), [tombstone]);
    },
  },
  {
    name: 'pages: every filter and their combinations, a cursor that meets each event once',
    async run(store) {
      const types = ['quaywatch.fence.enter', 'quaywatch.fence.exit', 'quaywatch.seal.observed'];
      const priorities: Priority[] = ['alarm', 'verdict', 'telemetry'];
      const all: { event: Event; site: string }[] = [];
      for (const [place, box] of ['b', 'c'].entries())
        for (let n = 1; n <= 30; n += 1) {
          const priority = priorities[n % 3] as Priority;
          const subject = `s${n % 4}`;
          const type = types[n % types.length] as string;
          const event = sampleEvent(box, n, { priority, subject, type, seconds: n % 7 });
          const site = place === 0 ? 'quay' : 'yard';
          all.push({ event, site });
          await store.records.append([group(box, events(event), priority, site)], at(n));
        }
      const queries: {
        query: Parameters<typeof sequences>[1];
        fits: (one: (typeof all)[number]) => boolean;
      }[] = [
        { query: {}, fits: () => true },
        { query: { box: ['c'] }, fits: ({ event }) => event.box === 'c' },
        {
          query: { site: ['yard'], priority: ['alarm'] },
          fits: ({ event, site }) => site === 'yard' && event.priority === 'alarm',
        },
        {
          query: { type: ['quaywatch.fence.*'] },
          fits: ({ event }) => event.type.startsWith('quaywatch.fence.'),
        },
        { query: { type: ['quaywatch.none'] }, fits: () => false },
        {
          query: { priority: ['alarm', 'verdict'], subject: 's1' },
          fits: ({ event }) => event.priority !== 'telemetry' && event.subject === 's1',
        },
        {
          query: { from: at(2), to: at(4) },
          fits: ({ event }) => Date.parse(event.time) >= at(2) && Date.parse(event.time) <= at(4),
        },
        {
          query: {
            box: ['b', 'c'],
            type: ['quaywatch.fence.exit', 'quaywatch.seal.observed'],
            site: ['quay'],
          },
          fits: ({ event, site }) => event.type !== 'quaywatch.fence.enter' && site === 'quay',
        },
        {
          query: { box: ['b'], priority: ['alarm', 'telemetry'] },
          fits: ({ event }) => event.box === 'b' && event.priority !== 'verdict',
        },
        {
          query: { subject: 's1', type: ['quaywatch.fence.*'] },
          fits: ({ event }) => event.subject === 's1' && event.type.startsWith('quaywatch.fence.'),
        },
        {
          query: {
            subject: 's2',
            type: ['quaywatch.seal.observed', 'quaywatch.fence.exit'],
            priority: ['telemetry'],
          },
          fits: ({ event }) =>
            event.subject === 's2' && event.priority === 'telemetry' && !event.type.endsWith('enter'),
        },
        { query: { subject: 's1', type: ['quaywatch.none.*'] }, fits: () => false },
        { query: { site: [] }, fits: () => false },
      ];
      for (const { query, fits } of queries) {
        const seen: string[] = [];
        let before: { time: number; position: number } | undefined;
        for (;;) {
          const page = await store.records.page({ limit: 7, ...query, ...(before && { before }) });
          seen.push(...page.map(({ event }) => event.id));
          const last = page.at(-1);
          if (page.length < 7 || !last) break;
          before = { time: Date.parse(last.event.time), position: last.position };
        }
        same(
          [...seen].sort(),
          all
            .filter(fits)
            .map(({ event }) => event.id)
            .sort(),
        );
      }
    },
  },
  {
    name: 'a timeline counts every event once, whatever the buckets',
    async run(store) {
      const list = Array.from({ length: 50 }, (_, n) => sampleEvent('b', n + 1, { seconds: n * 37 }));
      await store.records.append([group('b', events(...list))], at(0));
      for (const buckets of [1, 3, 10, 100, 1000]) {
        const line = await store.records.timeline(at(0), at(1900), buckets);
        equal(
          line.counts.reduce((sum, { alarm }) => sum + alarm, 0),
          50,
        );
        ok(line.counts.length <= buckets + 1 || line.bucketS === 10);
      }
      equal(
        (await store.records.timeline(at(0), at(1900), 10, ['yard'])).counts.reduce((s, c) => s + c.alarm, 0),
        0,
      );
      same(await store.records.span(), { from: at(0), to: at(49 * 37) });
    },
  },
];
