import { strictEqual as equal, deepStrictEqual as same } from 'node:assert';
import { verifyChain } from '../audit-chain.ts';
import { at, boxRecord, release, type StoreCase, status } from './samples.ts';

/** Boxes, people, audit, releases, documents. */
export const otherCases: readonly StoreCase[] = [
  {
    name: 'boxes are as they were at any moment',
    async run(store, reopen) {
      await store.boxes.add(boxRecord('b'));
      await store.boxes.add(boxRecord('late', at(50)));
      const link = (state: 'connected' | 'lost', since: number) => ({ box: 'b', state, since });
      await store.boxes.addHistory({
        links: [link('lost', at(1)), link('lost', at(20))],
        statuses: [
          { status: status('b', 1), heard: at(2) },
          { status: status('b', 8), heard: at(10) },
        ],
      });
      await store.boxes.addHistory({
        links: [link('connected', at(1))],
        statuses: [{ status: status('b', 9), heard: at(10) }],
      });
      await store.boxes.addHistory({ links: [], statuses: [] });
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
