import { expect, test } from 'vitest';
import { type Doubt, LinePoller, type LineRequest } from './line-poller.ts';

/** Time that jumps from one due call to the next. */
class Agenda {
  nowMs = 0;
  readonly #due: { atMs: number; run: () => void }[] = [];
  after(ms: number, run: () => void): () => void {
    const entry = { atMs: this.nowMs + Math.max(0, ms), run };
    const later = this.#due.findIndex(({ atMs }) => atMs > entry.atMs);
    this.#due.splice(later < 0 ? this.#due.length : later, 0, entry);
    return () => {
      const at = this.#due.indexOf(entry);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }
  step(): void {
    const next = this.#due.shift();
    if (!next) throw new Error('nothing is due: the poller is stuck');
    this.nowMs = next.atMs;
    next.run();
  }
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = ['alpha', 'beta', 'gamma', 'delta'];
/** All of one form: that an answer is another's shows by its form never, and by its value to the test alone. */
const round: LineRequest[] = names.map((name) => ({
  request: `GET ${name}`,
  accepts: (line) => /^OK \w+ \d+$/.test(line),
}));
const fence: LineRequest = { request: 'GET id', accepts: (line) => line === 'OK the;device;itself' };

const mischiefs = ['late', 'lost', 'twice', 'cut', 'echo', 'foreign', 'garbage', 'merged', 'slow'] as const;

/** A device that answers in order, and a line on which `share` of the exchanges go wrong. */
function run(answers: number, seed: number, share: (nowMs: number) => number) {
  const agenda = new Agenda();
  const random = randomOf(seed);
  const doubts = new Map<Doubt, number>();
  const result = { right: 0, wrong: 0, lastRightMs: 0, doubts };
  let asked = 0;
  let dueMs = 0;
  const send = (delayMs: number, text: string) => {
    dueMs = Math.max(dueMs, agenda.nowMs + delayMs);
    agenda.after(dueMs - agenda.nowMs, () => poller.data(Buffer.from(text, 'latin1')));
  };
  const answer = (request: string) => {
    const name = request.slice(4);
    asked++;
    const line = name === 'id' ? 'OK the;device;itself\r\n' : `OK ${name} ${asked}\r\n`;
    const kind =
      random() < share(agenda.nowMs) ? mischiefs[Math.floor(random() * mischiefs.length)] : undefined;
    const quick = 1 + random() * 20;
    const foreign = `OK ${names[Math.floor(random() * names.length)]} 0\r\n`;
    switch (kind) {
      case 'late':
        return send(400 + random() * 1600, line);
      case 'lost':
        return;
      case 'twice':
        return send(quick, line + line);
      case 'cut':
        return send(quick, line.slice(0, Math.floor(random() * line.length)));
      case 'echo':
        return send(quick, `${request}\r\n${line}`);
      case 'foreign':
        return random() < 0.5 ? send(quick, foreign + line) : send(quick, line + foreign);
      case 'garbage':
        return send(quick, `\xfe\x00${Math.floor(random() * 1e6)}\n${line}`);
      case 'merged':
        send(quick, line.slice(0, 3));
        return send(quick + random() * 100, line.slice(3));
      default:
        return send(kind === 'slow' ? 480 : quick, line);
    }
  };
  const poller = new LinePoller({
    round,
    fence,
    pollMs: 100,
    answerMs: 500,
    lostMs: 1500,
    timers: agenda,
    clock: { monotonic: () => agenda.nowMs },
    write: (line) => answer(line),
    answered(request, line) {
      if (request === fence.request) return;
      const [, name, turn] = line.split(' ');
      // The request before the fence's own: no other answer is right, and none from before.
      if (`GET ${name}` === request && Number(turn) === asked - 1) result.right++;
      else result.wrong++;
      result.lastRightMs = agenda.nowMs;
    },
    doubted: (why) => doubts.set(why, (doubts.get(why) ?? 0) + 1),
  });
  poller.resume();
  while (result.right + result.wrong < answers) agenda.step();
  return { ...result, agenda };
}

test('no answer is taken for another, whatever the line does', () => {
  for (const share of [0.02, 0.1, 0.4]) {
    const { wrong, doubts } = run(8000, 7 + share * 100, () => share);
    expect(wrong).toBe(0);
    expect([...doubts.keys()].sort()).toEqual([
      'form',
      'late',
      'order',
      ...(doubts.has('unasked') ? ['unasked'] : []),
    ]);
  }
});

test('it is in step again as soon as nothing of the last fault can be on its way', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const endMs = 10_000;
    const until = run(200, seed, (nowMs) => (nowMs < endMs ? 1 : 0));
    expect(until.wrong).toBe(0);
    expect(until.agenda.nowMs).toBeGreaterThan(endMs);
    // 200 answers are 50 rounds of 100 ms and a little; the rest is what it took to come into step.
    expect(until.agenda.nowMs).toBeLessThan(endMs + 50 * 300 + 2500);
  }
});

test('while it is paused it asks nothing, and goes on with silence', () => {
  const agenda = new Agenda();
  const written: string[] = [];
  const poller = new LinePoller({
    round,
    fence,
    pollMs: 100,
    answerMs: 500,
    lostMs: 1500,
    timers: agenda,
    clock: { monotonic: () => agenda.nowMs },
    write: (line) => void written.push(line),
    answered: () => undefined,
    doubted: () => undefined,
  });
  poller.resume();
  agenda.step();
  expect(written).toEqual(['GET id']);
  poller.pause();
  poller.data(Buffer.from('OK the;device;itself\r\n'));
  expect(() => agenda.step()).toThrow('nothing is due');
  poller.resume();
  expect(written).toEqual(['GET id']);
  agenda.step();
  expect([agenda.nowMs, written.length]).toEqual([3000, 2]);
});
