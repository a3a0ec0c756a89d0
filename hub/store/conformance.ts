import { strictEqual as equal, ok, deepStrictEqual as same } from 'node:assert';
import { type Event, type Priority, toEvent } from '#flows/event';
import type { Release, Status, Tombstone } from '#flows/wire';
import { verifyChain } from './audit-chain.ts';
import type { Append, BoxRecord, Item, Store } from './store.ts';

/** One thing that every implementation of `Store` must do; `reopen` closes and opens the same data again. */
export interface StoreCase {
  readonly name: string;
  run(store: Store, reopen: () => Promise<Store>): Promise<void>;
}

const base = Date.UTC(2026, 0, 1);
const flow = { id: 'f', hash: 'a'.repeat(64) };

export interface Fields {
  readonly type?: string;
  readonly subject?: string;
  readonly seconds?: number;
  readonly data?: Record<string, unknown>;
  readonly priority?: Priority;
  readonly previous?: number;
  readonly supersedes?: string;
}

export function sampleEvent(box: string, sequence: number, fields: Fields = {}): Event {
  return toEvent(
    {
      priority: fields.priority ?? 'alarm',
      type: fields.type ?? 'quaywatch.reading.observed',
      subject: fields.subject ?? 'device-1',
      time: new Date(base + (fields.seconds ?? sequence) * 1000).toISOString(),
      data: fields.data ?? { value: sequence },
      stage: 'out',
      ...(fields.supersedes !== undefined && { supersedes: fields.supersedes }),
    },
    { box, site: 'said-by-box' },
    flow,
    { sequence, previous: fields.previous ?? sequence - 1 },
  );
}

const group = (box: string, items: readonly Item[], priority: Priority = 'alarm', site = 'quay'): Append => ({
  box,
  site,
  priority,
  items,
});
const events = (...list: Event[]): Item[] => list.map((event) => ({ event }));
const sequences = async (store: Store, query: Partial<Parameters<Store['records']['page']>[0]> = {}) =>
  (await store.records.page({ limit: 100, ...query })).map(({ event }) => event.sequence);
const at = (seconds: number) => base + seconds * 1000;

const boxRecord = (box: string, enrolled = base): BoxRecord => ({
  box,
  name: box,
  site: 'quay',
  signingKey: 'k',
  fingerprint: 'f',
  enrolled,
});

const status = (box: string, uptimeS: number): Status => ({
  kind: 'status',
  box,
  site: 'quay',
  name: box,
  time: new Date(base).toISOString(),
  uptimeS,
  version: '1',
  outbox: { pending: {}, bytes: 0, full: false },
  flows: [],
  devices: [],
  rssBytes: 0,
  lagMs: 0,
});

const release = (box: string, version: number): Release => ({
  kind: 'release',
  id: `${box}-${version}`,
  version,
  box,
  issued: new Date(base).toISOString(),
  expires: new Date(base).toISOString(),
  flows: [],
  fenceSets: {},
  confirmLoss: [],
  signature: 's',
});

const position = (box: string, sequence: number, seconds: number, lon: number, subject = 'truck') =>
  sampleEvent(box, sequence, {
    type: 'quaywatch.position.observed',
    subject,
    seconds,
    data: { lon, lat: 34, quality: 'good', fix: true, attributes: {} },
  });
const fence = (
  box: string,
  sequence: number,
  seconds: number,
  change: string,
  id: string,
  more: Fields = {},
) =>
  sampleEvent(box, sequence, {
    type: `quaywatch.fence.${change}`,
    subject: 'truck',
    seconds,
    data: { fence: id },
    ...more,
  });
const fencesAt = async (store: Store, seconds: number) =>
  (await store.objects.at(at(seconds), 86_400_000)).find(({ object }) => object === 'truck')?.fences;

export const storeCases: readonly StoreCase[] = [
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
      equal(await again.records.different('b', [one, reordered, three, sampleEvent('b', 9)]), undefined);
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
      const types = ['quaywatch.fence.enter', 'quaywatch.fence.exit', 'quaywatch.seal.cut'];
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
      same(await store.objects.track('nobody', at(0), at(1), 5), {
        object: 'nobody',
        points: [],
        thinned: false,
      });
    },
  },
  {
    name: 'boxes are as they were at any moment',
    async run(store, reopen) {
      await store.boxes.add(boxRecord('b'));
      await store.boxes.add(boxRecord('late', at(50)));
      await store.boxes.addLink('b', 'connected', at(1));
      await store.boxes.addStatus(status('b', 1), at(2));
      await store.boxes.addStatus(status('b', 9), at(10));
      await store.boxes.addLink('b', 'lost', at(20));
      const again = await reopen();
      same(await again.boxes.at(at(0)), [{ box: 'b' }]);
      const [five] = await again.boxes.at(at(5));
      same([five?.link, five?.status?.status.uptimeS], [{ state: 'connected', since: at(1) }, 1]);
      const later = await again.boxes.at(at(60));
      same(
        later.map(({ box }) => box),
        ['b', 'late'],
      );
      same([later[0]?.link?.state, later[0]?.status?.heard], ['lost', at(10)]);
      same([await again.boxes.revoke('b', at(70)), await again.boxes.revoke('b', at(71))], [true, false]);
      equal((await again.boxes.list()).find(({ box }) => box === 'b')?.revoked, at(70));
    },
  },
  {
    name: 'a token counts once, for its purpose, in its time',
    async run(store) {
      const token = (id: string) => ({
        id,
        purpose: 'enrol' as const,
        expires: at(10),
        content: { name: 'x' },
      });
      await store.people.addToken(token('t'));
      equal(await store.people.redeem('t', 'signIn', at(1)), undefined);
      equal(await store.people.redeem('t', 'enrol', at(10)), undefined);
      const all = await Promise.all([1, 2, 3].map(() => store.people.redeem('t', 'enrol', at(1))));
      equal(all.filter((one) => one?.content.name === 'x').length, 1);
      await store.people.addToken(token('u'));
      await store.people.sweep(at(11));
      equal(await store.people.redeem('u', 'enrol', at(1)), undefined);
    },
  },
  {
    name: 'users and sessions',
    async run(store, reopen) {
      const user = { name: 'mei', password: 'hash', roles: ['viewer' as const], sites: ['quay'] };
      same([await store.people.addUser(user), await store.people.addUser(user)], [true, false]);
      await store.people.addSession({ id: 's', user: 'mei', roles: ['viewer'], expires: at(10) });
      const again = await reopen();
      same([await again.people.user('mei'), await again.people.users()], [user, [user]]);
      equal((await again.people.session('s', at(9)))?.user, 'mei');
      equal(await again.people.session('s', at(10)), undefined);
      await again.people.endSession('s');
      equal(await again.people.session('s', at(1)), undefined);
    },
  },
  {
    name: 'the audit chain grows and verifies',
    async run(store, reopen) {
      same(await verifyChain(store.audit), { entries: 0 });
      const entry = (n: number) => ({ time: 't', actor: 'a', action: 'x.y', subject: `${n}`, digest: 'd' });
      for (let n = 0; n < 5; n += 1) await store.audit.append(entry(n));
      const again = await reopen();
      await again.audit.append(entry(5));
      same(await verifyChain(again.audit), { entries: 6 });
      same(
        (await again.audit.list(3, 2)).map(({ n, subject }) => [n, subject]),
        [
          [3, '2'],
          [4, '3'],
        ],
      );
      equal(await again.audit.last(), 6);
    },
  },
  {
    name: 'releases count up, and the newest that ran is known',
    async run(store, reopen) {
      same(
        [await store.releases.add(release('b', 1)), await store.releases.add(release('b', 1))],
        [true, false],
      );
      await store.releases.report('b', 1, 'running');
      await store.releases.add(release('b', 2));
      await store.releases.report('b', 2, 'refused', 'why');
      equal(await store.releases.add(release('b', 1)), false);
      const again = await reopen();
      same(await again.releases.newest(), [{ release: release('b', 2), state: 'refused', detail: 'why' }]);
      same(await again.releases.running('b'), release('b', 1));
      equal(await again.releases.running('c'), undefined);
    },
  },
  {
    name: 'documents are replaced',
    async run(store, reopen) {
      equal(await store.documents.get('map'), undefined);
      await store.documents.put('map', { a: 1 });
      await store.documents.put('map', { a: 2 });
      same(await (await reopen()).documents.get('map'), { a: 2 });
    },
  },
];
