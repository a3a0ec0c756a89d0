import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAdmission } from './admission.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a fleet that comes at once is let on in turn, at the rate and no faster', () => {
  const admitted: Socket[] = [];
  const { take, close } = createAdmission({
    perSecond: 200,
    mostWaiting: 1000,
    mostWaitMs: 10_000,
    admit: (one) => admitted.push(one),
  });
  const sockets = Array.from({ length: 1000 }, () => new Socket());
  for (const socket of sockets) take(socket);
  expect(admitted).toHaveLength(10);
  vi.advanceTimersByTime(1000);
  expect(admitted).toHaveLength(210);
  vi.advanceTimersByTime(4000);
  expect(admitted).toEqual(sockets);
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
  close();
});

test('who goes while waiting takes nobody else’s turn, and who finds the queue full is closed', () => {
  const admitted: Socket[] = [];
  const { take, close } = createAdmission({
    perSecond: 20,
    mostWaiting: 2,
    mostWaitMs: 10_000,
    admit: (one) => admitted.push(one),
  });
  const sockets = Array.from({ length: 4 }, () => new Socket());
  for (const socket of sockets) take(socket);
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false, false, true]);
  sockets[1]?.destroy();
  vi.advanceTimersByTime(50);
  expect(admitted).toEqual([sockets[0], sockets[2]]);
  close();
});

test('who has waited so long that it has given up is closed, and costs nobody a turn', () => {
  const admitted: Socket[] = [];
  const { take, close } = createAdmission({
    perSecond: 20,
    mostWaiting: 1000,
    mostWaitMs: 1000,
    admit: (one) => admitted.push(one),
  });
  const early = Array.from({ length: 100 }, () => new Socket());
  for (const socket of early) take(socket);
  vi.advanceTimersByTime(900);
  const late = Array.from({ length: 10 }, () => new Socket());
  for (const socket of late) take(socket);
  vi.advanceTimersByTime(1000);
  const closed = early.filter(({ destroyed }) => destroyed);
  expect(closed).toEqual(early.slice(-closed.length));
  expect(closed.length).toBeGreaterThan(70);
  expect(admitted).toEqual([...early.slice(0, -closed.length), ...late]);
  close();
});
