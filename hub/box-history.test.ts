import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBoxHistory } from './box-history.ts';
import { status } from './store/conformance/samples.ts';
import type { BoxHistory, BoxStore } from './store/store.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function open(fails = false) {
  const commits: BoxHistory[] = [];
  const failures: unknown[] = [];
  const addHistory: BoxStore['addHistory'] = async (history) => {
    if (fails) throw new Error('disk full');
    commits.push(history);
  };
  const history = createBoxHistory({ addHistory } as BoxStore, (error) => failures.push(error));
  return { history, commits, failures };
}

test('a thousand boxes that come back are a few commits, and nothing of them is left out', async () => {
  const { history, commits } = open();
  for (let n = 0; n < 1000; n += 1) {
    history.link(`b-${n}`, 'connected', n);
    history.status(status(`b-${n}`, 1), n);
    await vi.advanceTimersByTimeAsync(1);
  }
  await history.flush();
  expect(commits.length).toBeLessThan(10);
  expect(commits.flatMap(({ links }) => links).map(({ box }) => box)).toEqual(
    Array.from({ length: 1000 }, (_, n) => `b-${n}`),
  );
  expect(commits.flatMap(({ statuses }) => statuses)).toHaveLength(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test('of one moment the last word counts, once in a commit', async () => {
  const { history, commits } = open();
  history.link('b', 'connected', 5);
  history.link('b', 'lost', 5);
  await history.flush();
  expect(commits).toEqual([{ links: [{ box: 'b', state: 'lost', since: 5 }], statuses: [] }]);
});

test('what cannot be stored is told, and stops nothing', async () => {
  const { history, failures } = open(true);
  history.link('b', 'connected', 5);
  await vi.advanceTimersByTimeAsync(300);
  history.link('b', 'lost', 6);
  await history.flush();
  expect(failures).toHaveLength(2);
});
