import { deepStrictEqual as same } from 'node:assert';
import type { Event } from '#flows/event';
import type { Store } from '../store.ts';
import { at, events, group, type StoreCase, sampleEvent } from './samples.ts';

const facts = (scan: string, seconds: number) => ({
  scan,
  scanner: 'feed',
  rows: 1536,
  planes: ['high', 'low'],
  energiesMv: [6, 4],
  pixelMm: 4,
  airLevel: 60_000,
  started: new Date(at(seconds)).toISOString(),
});
const event = (sequence: number, what: string, seconds: number, data: Record<string, unknown>, more = {}) =>
  sampleEvent('b', sequence, { type: `quaywatch.scan.${what}`, seconds, data, priority: 'verdict', ...more });

/** The events of one scan of box b. */
const story = (scan: string, first: number, seconds: number): [Event, Event, Event] => {
  const picture = { type: 'image/webp', data: Buffer.from(scan).toString('base64') };
  const end = new Date(at(seconds + 45)).toISOString();
  const stored = { ended: end, end: 'complete', columns: 90, bytes: 1000, sha256: 'ab', thumbnail: picture };
  const verdict = { scan, outcome: 'suspect', confidence: 0.9, reasons: ['because'], findings: [] };
  return [
    event(first, 'started', seconds, facts(scan, seconds), { subject: scan }),
    event(first + 1, 'completed', seconds + 46, { ...facts(scan, seconds), ...stored }, { subject: scan }),
    event(first + 2, 'verdict', seconds + 47, verdict, { subject: `container-${scan}` }),
  ];
};
const put = (store: Store, ...list: Event[]) =>
  store.records.append([group('b', events(...list), 'verdict')], at(0));
const names = async (store: Store, query = {}) =>
  (await store.scans.page({ limit: 10, ...query })).map(({ scan }) => scan);

/** Scans, projected from events. */
export const scanCases: readonly StoreCase[] = [
  {
    name: 'a scan is what its events say, in whatever order they came',
    async run(store, reopen) {
      const [started, completed, verdict] = story('one', 1, 0);
      await put(store, started);
      const [live] = await store.scans.page({ limit: 5 });
      same(
        [live?.completed, live?.verdict, live?.thumbnail, live?.copy],
        [undefined, undefined, false, 'none'],
      );
      await put(store, completed, verdict);
      const reversed = story('two', 10, 100).reverse();
      for (const one of reversed) await put(store, one);
      const again = await reopen();
      for (const scan of ['one', 'two']) {
        const row = await again.scans.one('b', scan);
        same([row?.site, row?.facts.rows, row?.completed?.columns], ['quay', 1536, 90]);
        same([row?.verdict?.outcome, row?.verdict?.subject], ['suspect', `container-${scan}`]);
        same([row?.verdict?.flow, row?.evicted, row?.thumbnail], ['f', false, true]);
        same('thumbnail' in (row?.completed ?? {}), false);
        const picture = await again.scans.thumbnail('b', scan);
        same([picture?.type, Buffer.from(picture?.bytes ?? []).toString()], ['image/webp', scan]);
        const types = (await again.scans.events('b', scan)).map(({ type }) => type.split('.')[2]);
        same(types, ['started', 'completed', 'verdict']);
      }
      same(await again.scans.one('other', 'one'), undefined);
    },
  },
  {
    name: 'a verdict alone is no scan yet; the newest verdict counts; what is gone is gone',
    async run(store) {
      const [started, , verdict] = story('one', 1, 0);
      await put(store, verdict);
      same([await names(store), await store.scans.one('b', 'one')], [[], undefined]);
      await put(store, started);
      const later = { ...verdict.data, outcome: 'none' };
      await put(
        store,
        event(9, 'verdict', 60, later),
        event(8, 'verdict', 61, { ...later, outcome: 'clear' }),
      );
      same((await store.scans.one('b', 'one'))?.verdict?.outcome, 'none');
      await put(store, event(12, 'evicted', 70, { scan: 'one', reason: 'age', bytes: 1000 }));
      same((await store.scans.one('b', 'one'))?.evicted, true);
    },
  },
  {
    name: 'what is no scan, or too much of one, is stored as an event and shown nowhere',
    async run(store) {
      const wrong: Record<string, unknown>[] = [
        { ...facts('a', 0), rows: 'many' },
        { ...facts('a', 0), scan: 'x'.repeat(201) },
        { ...facts('a', 0), scan: '' },
        { ...facts('a', 0), scan: 7 },
      ];
      await put(store, ...wrong.map((data, n) => event(n + 1, 'started', n, data)));
      same([await names(store), (await store.records.page({ limit: 10 })).length], [[], wrong.length]);
      const [, completed] = story('a', 10, 0);
      const script = { type: 'text/html', data: 'PGI+' };
      await put(store, { ...completed, data: { ...completed.data, thumbnail: script } });
      same(
        [(await store.scans.one('b', 'a'))?.thumbnail, await store.scans.thumbnail('b', 'a')],
        [false, undefined],
      );
    },
  },
  {
    name: 'pages of scans are newest first, without a hole, and limited by what is asked',
    async run(store) {
      for (let n = 0; n < 12; n += 1) await put(store, ...story(`s${n}`, n * 3 + 1, (n % 6) * 100));
      const all = await names(store, { limit: 100 });
      same(all.slice(0, 4), ['s11', 's5', 's10', 's4']);
      const paged: string[] = [];
      for (let before: { started: number; id: number } | undefined; ; ) {
        const rows = await store.scans.page({ limit: 5, ...(before && { before }) });
        paged.push(...rows.map(({ scan }) => scan));
        const last = rows.at(-1);
        if (!last) break;
        before = { started: Date.parse(last.facts.started), id: last.id };
      }
      same(paged, all);
      same(await names(store, { from: at(400), to: at(400) }), ['s10', 's4']);
      same(await names(store, { subject: 'container-s7' }), ['s7']);
      same(await names(store, { outcome: ['clear', 'none'] }), []);
      same((await names(store, { scanner: ['feed'], box: ['b'], site: ['quay'], limit: 99 })).length, 12);
      same(await names(store, { site: ['yard'] }), []);
      same(await names(store, { site: [] }), []);
    },
  },
  {
    name: 'what becomes of copies at the hub is kept',
    async run(store, reopen) {
      for (const [n, scan] of ['a', 'b', 'c'].entries()) await put(store, ...story(scan, n * 3 + 1, n));
      for (const scan of ['c', 'a']) await store.scans.setCopy('b', scan, 'wanted');
      await store.scans.setCopy('b', 'b', 'held');
      await store.scans.setCopy('b', 'nobody', 'held');
      const again = await reopen();
      const found = async (copy: 'wanted' | 'held', limit = 10) =>
        (await again.scans.withCopy(copy, limit)).map(({ scan }) => scan);
      same(
        [await found('wanted'), await found('wanted', 1), await found('held')],
        [['a', 'c'], ['a'], ['b']],
      );
      same((await again.scans.one('b', 'b'))?.copy, 'held');
    },
  },
];
