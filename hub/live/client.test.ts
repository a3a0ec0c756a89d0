import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxView, LiveMessage, ObjectState } from '../api/types.ts';
import { createLiveClient, type LiveSocket } from './client.ts';

/** A socket that takes only what the test lets it take. */
class Pipe implements LiveSocket {
  readonly out: LiveMessage[] = [];
  readonly #waiting: { text: string; done: () => void }[] = [];
  terminated = false;
  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { text }) => sum + text.length, 0);
  }
  send(text: string, done: () => void): void {
    this.#waiting.push({ text, done });
  }
  close(): void {}
  terminate(): void {
    this.terminated = true;
  }
  read(count: number): void {
    for (const { text, done } of this.#waiting.splice(0, count)) {
      this.out.push(JSON.parse(text) as LiveMessage);
      done();
    }
  }
  readAll(): void {
    while (this.#waiting.length > 0) this.read(this.#waiting.length);
  }
}

const defaults = { socketBytes: 200, events: 5, scans: 3, eventLength: 10_000, stallMs: 1000 };
const eventText = (n: number) => JSON.stringify({ kind: 'event', event: { position: n } });
const state = (object: string, lon: number) => ({ object, lon }) as ObjectState;

function make(limits = defaults) {
  const pipe = new Pipe();
  const counted = { skipped: 0, cut: 0 };
  let now = 0;
  const client = createLiveClient(
    pipe,
    {
      skipped(n) {
        counted.skipped += n;
      },
      cut() {
        counted.cut += 1;
      },
    },
    () => now,
    limits,
  );
  const wait = (ms: number): void => {
    now += ms;
  };
  return { pipe, client, counted, wait };
}

test('whatever is written and however it is read: in order, bounded, and nothing is missing without being counted', () => {
  const action = fc.oneof(
    fc.record({ write: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 6 }) }),
  );
  const bounds = fc.record({
    events: fc.integer({ min: 1, max: 8 }),
    eventLength: fc.integer({ min: 1, max: 400 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), bounds, (actions, limits) => {
      const { pipe, client, counted } = make({ ...defaults, ...limits });
      let sent = 0;
      for (const step of actions) {
        if ('write' in step) {
          const first = sent + 1;
          sent += step.write;
          client.events(Array.from({ length: step.write }, (_, n) => eventText(first + n)));
        } else pipe.read(step.read);
        expect(pipe.bufferedAmount).toBeLessThan(300);
      }
      pipe.readAll();
      const got = pipe.out.flatMap((m) => (m.kind === 'event' ? [m.event.position] : []));
      const missed = pipe.out.reduce((sum, m) => sum + (m.kind === 'skipped' ? m.events : 0), 0);
      expect(got).toEqual([...got].sort((a, b) => a - b));
      expect(got.length + missed).toBe(sent);
      expect(missed).toBe(counted.skipped);
      // Each gap in what came is told before the event after it.
      let before = 0;
      let told = 0;
      for (const message of pipe.out) {
        if (message.kind === 'skipped') told += message.events;
        if (message.kind !== 'event') continue;
        expect(message.event.position).toBe(before + told + 1);
        before = message.event.position;
        told = 0;
      }
    }),
  );
});

test('of objects and boxes only the newest state waits', () => {
  const { pipe, client } = make();
  client.events([eventText(1), eventText(2), eventText(3), eventText(4), eventText(5), eventText(6)]);
  for (let lon = 0; lon < 1000; lon += 1) {
    client.objects([state('a', lon), state('b', -lon)]);
    client.box({ box: 'x', linkSince: `${lon}` } as BoxView);
  }
  client.flush();
  pipe.readAll();
  const objects = pipe.out.flatMap((m) => (m.kind === 'objects' ? m.objects : []));
  expect(objects).toEqual([state('a', 999), state('b', -999)]);
  expect(pipe.out.filter(({ kind }) => kind === 'box')).toEqual([
    { kind: 'box', box: { box: 'x', linkSince: '999' } },
  ]);
});

describe('a client that takes nothing', () => {
  test('is cut after the limit, and counted', () => {
    const { pipe, client, counted, wait } = make();
    client.events([eventText(1)]);
    wait(999);
    expect(client.check()).toBe(false);
    wait(1);
    expect(client.check()).toBe(true);
    expect([pipe.terminated, counted.cut]).toEqual([true, 1]);
  });

  test('is left alone while there is nothing to take, or while it goes on taking', () => {
    const { pipe, client, wait } = make();
    wait(5000);
    expect(client.check()).toBe(false);
    for (let n = 0; n < 10; n += 1) {
      client.events([eventText(n * 2), eventText(n * 2 + 1)]);
      wait(900);
      pipe.read(1);
      expect(client.check()).toBe(false);
    }
  });
});
