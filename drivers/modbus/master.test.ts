import { expect, test } from 'vitest';
import type { DeviceTimers } from '../driver.ts';
import { RtuMaster } from './master.ts';
import type { Request } from './pdu.ts';
import { rtuFrame } from './rtu.ts';
import { rtuSlave } from './slave.ts';

/** Timers that run as fast as the machine: what is due next, in order. */
class Loop implements DeviceTimers {
  nowMs = 0;
  readonly #due: { atMs: number; run: () => void }[] = [];

  after(ms: number, run: () => void): () => void {
    const entry = { atMs: this.nowMs + ms, run };
    const at = this.#due.findLastIndex(({ atMs }) => atMs <= entry.atMs) + 1;
    this.#due.splice(at, 0, entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    };
  }

  /** False when nothing is due. */
  step(): boolean {
    const next = this.#due.shift();
    if (!next) return false;
    this.nowMs = Math.max(this.nowMs, next.atMs);
    next.run();
    return true;
  }
}

function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What the registers hold, so that a value tells where it comes from. */
const word = (address: number) => (address * 7 + 3) & 0xffff;

const blocks: readonly Request[] = [
  { unit: 1, functionCode: 3, address: 1000, count: 4 },
  { unit: 1, functionCode: 3, address: 5000, count: 6 },
  { unit: 1, functionCode: 3, address: 7000, count: 9 },
];
const probe: Request = { unit: 1, functionCode: 3, address: 1000, count: 1 };

/** Reads blocks in turn from a slave that answers in order, on a line that does all that lines do. */
function run(reads: number, seed: number, faultRate: number) {
  const loop = new Loop();
  const random = randoms(seed);
  let wrong = 0;
  let right = 0;
  let failed = 0;
  let freeMs = 0;
  const master = new RtuMaster({
    timers: loop,
    timeoutMs: 20,
    settleMs: 2,
    quarantineMs: 20,
    probe,
    babble: () => undefined,
    write: (bytes) => void loop.after(1, () => slave(bytes)),
  });
  const deliver = (ms: number, bytes: Uint8Array) => void loop.after(ms, () => master.data(bytes));
  const slave = rtuSlave(1, { word: (_, address) => word(address) }, (frame) => {
    const fault = random() < faultRate ? Math.floor(random() * 7) : -1;
    // Sometimes it is slower than the master waits, and for a while every answer is.
    const slow = fault === 0 ? 25 + random() * 60 : 1 + random() * 10;
    freeMs = Math.max(freeMs, loop.nowMs) + slow;
    const ms = freeMs - loop.nowMs;
    if (fault === 1) return;
    if (fault === 2) deliver(ms, frame.subarray(0, Math.floor(random() * frame.length)));
    else if (fault === 3) deliver(ms, Buffer.concat([frame, frame]));
    else if (fault === 4) deliver(ms, frame.with(2, (frame[2] as number) ^ 6));
    else if (fault === 5) deliver(ms, frame.with(0, 2));
    else deliver(ms, frame);
    if (fault === 6) deliver(ms + random() * 12, frame);
  });
  const next = (turn: number) => {
    if (turn >= reads) return;
    const request = blocks[turn % blocks.length] as Request;
    master.read(request, (answer) => {
      if ('problem' in answer) failed++;
      else {
        const ok = Array.from({ length: request.count }, (_, i) => i).every(
          (i) =>
            (((answer.data[2 * i] as number) << 8) | (answer.data[2 * i + 1] as number)) ===
            word(request.address + i),
        );
        if (ok) right++;
        else wrong++;
      }
      loop.after(1, () => next(turn + 1));
    });
  };
  next(0);
  while (right + wrong + failed < reads && loop.step());
  return { wrong, right, failed };
}

test('a million reads on a line that does all that lines do: no value is another register’s', () => {
  const { wrong, right, failed } = run(1_000_000, 20_261_125, 0.05);
  expect([wrong, right + failed]).toEqual([0, 1_000_000]);
  expect(right).toBeGreaterThan(850_000);
}, 120_000);

test('a line that is hopeless half of the time gives no wrong value either', () => {
  const { wrong, right } = run(20_000, 7, 0.5);
  expect(wrong).toBe(0);
  expect(right).toBeGreaterThan(500);
});

test('what is late is no answer to the same question asked again: the line is quiet first, then the probe is read', () => {
  const loop = new Loop();
  const asked: number[] = [];
  const master = new RtuMaster({
    timers: loop,
    timeoutMs: 20,
    settleMs: 2,
    quarantineMs: 20,
    probe,
    babble: () => undefined,
    write(bytes) {
      const count = bytes[5] as number;
      asked.push(count);
      // What a register held when it was asked for; the second question is answered when nobody waits any more.
      const answer = rtuFrame(1, Uint8Array.from([3, 2 * count, ...Array(2 * count).fill(asked.length)]));
      loop.after(asked.length === 2 ? 30 : 1, () => master.data(answer));
    },
  });
  const values: (number | undefined)[] = [];
  const ask = () =>
    master.read(blocks[0] as Request, (answer) => {
      values.push('data' in answer ? answer.data[0] : undefined);
      if (values.length < 2) loop.after(1, ask);
    });
  ask();
  while (values.length < 2 && loop.step());
  expect(asked).toEqual([probe.count, 4, probe.count, 4]);
  expect(values).toEqual([undefined, 4]);
  expect(loop.nowMs).toBeGreaterThanOrEqual(50);
});

test('after the last fault it reads again within two rounds', () => {
  const loop = new Loop();
  let dead = true;
  const master = new RtuMaster({
    timers: loop,
    timeoutMs: 300,
    settleMs: 5,
    quarantineMs: 300,
    probe,
    babble: () => undefined,
    write: (bytes) => void loop.after(5, () => (dead ? undefined : slave(bytes))),
  });
  const slave = rtuSlave(
    1,
    { word: (_, address) => word(address) },
    (frame) => void loop.after(10, () => master.data(frame)),
  );
  let goodMs = 0;
  const next = () =>
    master.read(blocks[0] as Request, (answer) => {
      if ('data' in answer && goodMs === 0) goodMs = loop.nowMs;
      loop.after(1000, next);
    });
  next();
  while (loop.nowMs < 60_000) loop.step();
  dead = false;
  const since = loop.nowMs;
  while (goodMs === 0 && loop.step());
  expect(goodMs - since).toBeLessThan(2000);
});

test('a line that goes on speaking is told of for as long as it does, and asked again when it is silent', () => {
  const loop = new Loop();
  const told: string[] = [];
  let asked = 0;
  const master = new RtuMaster({
    ...{ timers: loop, timeoutMs: 100, settleMs: 2, quarantineMs: 20, probe },
    babble: ({ code }, bytes) => void told.push(`${code} ${bytes.length}`),
    write: () => void asked++,
  });
  master.read(blocks[0] as Request, () => undefined);
  // the answer to the probe is none: the line is left in silence, which it does not keep
  for (let ms = 5; ms < 1000; ms += 10) loop.after(ms, () => master.data(Uint8Array.of(1, 2, 3)));
  while (loop.nowMs < 990 && loop.step());
  expect(told.length).toBeGreaterThanOrEqual(7);
  expect(new Set(told)).toEqual(new Set(['modbus.babble 3']));
  const before = told.length;
  master.read(blocks[0] as Request, () => undefined);
  while (loop.nowMs < 2000 && loop.step());
  expect(asked).toBe(2);
  expect(told.length).toBeLessThanOrEqual(before + 1);
});
