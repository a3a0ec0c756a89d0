import { generate, parser } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { median, quantile } from '../statistics.ts';
import { connectPacket, publishPacket } from './publisher.ts';
import { best, judge, nextRate } from './rate.ts';
import { cpuMs, parseStat, rssBytes } from './usage.ts';

test('quantile and median', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 0.5)).toBe(50);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([], 0.99)).toBeNaN();
});

test('a rate counts when nearly all came in time and the load was there', () => {
  const stretch = { messages: 9, cpuUs: 1, perSecond: 1000, drainMs: 0, delaysMs: [1, 2, 100] };
  expect(judge(1000, stretch).passed).toBe(true);
  expect(judge(1000, { ...stretch, delaysMs: [1, 101] }).passed).toBe(false);
  expect(judge(1000, { ...stretch, perSecond: 900 }).passed).toBe(false);
  expect(judge(1000, { ...stretch, delaysMs: [] }).passed).toBe(false);
  const steps = [1000, 2000].map((rate) => judge(rate, stretch));
  expect(best(steps)).toBe(1000);
  expect(best([])).toBe(0);
});

test('the ladder goes up while rates pass, or down until one does, and ends', () => {
  const climbTo = (highest: number) => {
    const tried: number[] = [];
    let first: boolean | undefined;
    for (let rate: number | undefined = 4000; rate !== undefined; ) {
      tried.push(rate);
      const passed = rate <= highest;
      rate = nextRate(rate, passed, first);
      first ??= passed;
    }
    return tried;
  };
  expect(climbTo(5500)).toEqual([4000, 5000, 6300]);
  expect(climbTo(1500)).toEqual([4000, 2000, 1000]);
  expect(climbTo(0).at(-1)).toBeGreaterThan(0);
  expect(climbTo(1e9).at(-1)).toBeLessThanOrEqual(60_000);
});

test('CPU time and memory of a process, with its children', () => {
  const line = '17 (a) b (c) S 9 17 17 0 -1 4194560 1 2 3 4 150 50 7 3 20 0 11 0 5 6 7';
  expect(parseStat(line)).toEqual({ parent: 9, cpuMs: 2100 });
  const before = cpuMs(process.pid);
  for (const end = performance.now() + 200; performance.now() < end; );
  expect(cpuMs(process.pid)).toBeGreaterThan(before);
  expect(rssBytes(process.pid)).toBeGreaterThan(10e6);
});

test('the packets of the load are MQTT', () => {
  const payload = 'x'.repeat(200);
  expect(publishPacket('a/b', 513, payload)).toEqual(
    generate({ cmd: 'publish', topic: 'a/b', messageId: 513, payload, qos: 1, dup: false, retain: false }),
  );
  const read = parser();
  const packets: unknown[] = [];
  read.on('packet', (packet) => packets.push(packet));
  read.parse(connectPacket('me'));
  expect(packets[0]).toMatchObject({ cmd: 'connect', clientId: 'me', clean: true, keepalive: 0 });
});
