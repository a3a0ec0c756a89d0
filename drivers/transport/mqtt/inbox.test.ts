import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

const options = { inFlight: 8, retainBytes: 10_000 };
const ids = (inbox: Inbox): number[] => {
  const out: number[] = [];
  inbox.drain((id) => out.push(id));
  return out;
};

test('acknowledges in the order of arrival, whatever is committed first', () => {
  const inbox = new Inbox(options);
  inbox.connected(false, () => undefined);
  const [a, b, c] = [11, 12, 13].map((id) => inbox.take(id, false, Buffer.from('x')));
  inbox.done(b as number);
  expect(ids(inbox)).toEqual([]);
  inbox.done(a as number);
  expect(ids(inbox)).toEqual([11, 12]);
  inbox.done(c as number);
  expect(ids(inbox)).toEqual([13]);
});

test('is full at its limit', () => {
  const inbox = new Inbox(options);
  for (let id = 1; id <= 8; id++) inbox.take(id, false, Buffer.alloc(1));
  expect(inbox.full).toBe(true);
  inbox.done(0);
  ids(inbox);
  expect(inbox.full).toBe(false);
});

describe('after a reconnect', () => {
  test('a repetition of what is held is not handed on, and is acknowledged when the first is committed', () => {
    const inbox = new Inbox(options);
    const first = inbox.take(5, false, Buffer.from('hello'));
    inbox.connected(true, () => undefined);
    expect(inbox.take(5, true, Buffer.from('hello'))).toBe(-1);
    expect(ids(inbox)).toEqual([]);
    inbox.done(first);
    expect(ids(inbox)).toEqual([5]);
  });

  test('a repetition of what was committed is acknowledged at once', () => {
    const inbox = new Inbox(options);
    inbox.done(inbox.take(5, false, Buffer.from('hello')));
    inbox.connected(true, () => undefined);
    expect(inbox.take(5, true, Buffer.from('hello'))).toBe(-1);
    expect(ids(inbox)).toEqual([5]);
  });

  test.each([
    ['another payload', true, true, 'other'],
    ['no DUP flag', true, false, 'hello'],
    ['a session that the broker forgot', false, true, 'hello'],
  ])('%s is another message', (_, resumed, again, payload) => {
    const inbox = new Inbox(options);
    inbox.take(5, false, Buffer.from('hello'));
    inbox.connected(resumed, () => undefined);
    expect(inbox.take(5, again, Buffer.from(payload))).toBeGreaterThanOrEqual(0);
  });

  test('a payload that was dropped for want of room is handed on again rather than lost', () => {
    const inbox = new Inbox({ inFlight: 8, retainBytes: 100 });
    inbox.take(1, false, Buffer.alloc(90));
    inbox.take(2, false, Buffer.alloc(90));
    inbox.connected(true, () => undefined);
    expect(inbox.take(1, true, Buffer.alloc(90))).toBeGreaterThanOrEqual(0);
  });
});

/** A broker with a persistent session: repeats, in order and with DUP, what it has no acknowledgement for. */
class Broker {
  readonly unacknowledged: { id: number; payload: Buffer; sent: boolean }[] = [];
  #next = 1;
  add(): void {
    const id = this.#next;
    this.#next = id === 20 ? 1 : id + 1; // identifiers come again soon
    if (this.unacknowledged.some((message) => message.id === id)) return;
    this.unacknowledged.push({ id, payload: Buffer.from(`${id}:${Math.floor(this.#count++)}`), sent: false });
  }
  #count = 0;
}

test('over any reconnects nothing is lost or doubled, and only what is committed is acknowledged', () => {
  const step = fc.oneof(
    fc.constant('publish'),
    fc.constant('publish'),
    fc.constant('reconnect'),
    fc.nat({ max: 30 }).map((which) => ({ commit: which })),
    fc.boolean().map((reaches) => ({ drain: reaches })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const inbox = new Inbox({ inFlight: 16, retainBytes: 100_000 });
      const broker = new Broker();
      const handedOn: { number: number; payload: string; committed: boolean }[] = [];
      inbox.connected(false, () => undefined);
      const deliver = (message: Broker['unacknowledged'][number]) => {
        const number = inbox.take(message.id, message.sent, message.payload);
        message.sent = true;
        if (number >= 0) handedOn.push({ number, payload: message.payload.toString(), committed: false });
      };
      for (const each of steps) {
        if (each === 'publish') {
          broker.add();
          const last = broker.unacknowledged.at(-1);
          if (last && !last.sent) deliver(last);
        } else if (each === 'reconnect') {
          inbox.connected(true, () => undefined);
          for (const message of broker.unacknowledged) deliver(message);
        } else if (typeof each === 'object' && 'commit' in each) {
          const message = handedOn[each.commit % Math.max(1, handedOn.length)];
          if (message) {
            message.committed = true;
            inbox.done(message.number);
          }
        } else if (typeof each === 'object') {
          inbox.drain((id) => {
            const at = broker.unacknowledged.findIndex((message) => message.id === id);
            const payload = broker.unacknowledged[at]?.payload.toString();
            expect(handedOn.find((message) => message.payload === payload)?.committed).toBe(true);
            if (each.drain) broker.unacknowledged.splice(at, 1); // else it is lost on the way
          });
          // What was lost on the way is lost with the connection.
          if (!each.drain) {
            inbox.connected(true, () => undefined);
            for (const message of broker.unacknowledged) deliver(message);
          }
        }
        const payloads = handedOn.map((message) => message.payload);
        expect(new Set(payloads).size).toBe(payloads.length);
      }
      for (const message of handedOn) inbox.done(message.number);
      inbox.drain((id) => {
        broker.unacknowledged.splice(
          broker.unacknowledged.findIndex((message) => message.id === id),
          1,
        );
      });
      expect(broker.unacknowledged).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('a new process', () => {
  const digest = (text: string) => crc32(Buffer.from(text));
  /** What a former process wrote down with what it committed. */
  const memory = (committed: readonly (readonly [number, number])[]) => {
    const noted: (readonly [number, number])[] = [];
    let forgotten = false;
    return {
      noted,
      get forgotten() {
        return forgotten;
      },
      committed: () => committed,
      note: (id: number, of: number) => void noted.push([id, of]),
      forget: () => {
        forgotten = true;
      },
    };
  };

  test('knows what the former one had committed, and acknowledges it at once', () => {
    const inbox = new Inbox({ ...options, memory: memory([[5, digest('hello')]]) });
    inbox.connected(true, () => undefined);
    expect(inbox.take(5, true, Buffer.from('hello'))).toBe(-1);
    expect(ids(inbox)).toEqual([5]);
  });

  test.each([
    ['another payload', true, 'other'],
    ['no DUP flag', false, 'hello'],
  ])('%s is another message', (_, again, payload) => {
    const inbox = new Inbox({ ...options, memory: memory([[5, digest('hello')]]) });
    inbox.connected(true, () => undefined);
    expect(inbox.take(5, again, Buffer.from(payload))).toBeGreaterThanOrEqual(0);
  });

  test('an identifier that was given anew means the new message', () => {
    const inbox = new Inbox({ ...options, memory: memory([[5, digest('hello')]]) });
    inbox.connected(true, () => undefined);
    inbox.take(5, false, Buffer.from('new'));
    inbox.connected(true, () => undefined);
    expect(inbox.take(5, true, Buffer.from('hello'))).toBeGreaterThanOrEqual(0);
  });

  test('forgets with the broker', () => {
    const kept = memory([[5, digest('hello')]]);
    const inbox = new Inbox({ ...options, memory: kept });
    inbox.connected(false, () => undefined);
    expect(kept.forgotten).toBe(true);
    expect(inbox.take(5, true, Buffer.from('hello'))).toBeGreaterThanOrEqual(0);
  });

  test('writes down what it hands on', () => {
    const kept = memory([]);
    const inbox = new Inbox({ ...options, memory: kept });
    inbox.connected(true, () => undefined);
    inbox.handOn(inbox.take(5, false, Buffer.from('hello')));
    expect(kept.noted).toEqual([[5, digest('hello')]]);
  });
});
