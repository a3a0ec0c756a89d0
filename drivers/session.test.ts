import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault, type Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { DeviceWorld } from '#test/support/device-world';
import { settle, VirtualTime } from '#test/support/virtual-time';
import { faults } from './faults.ts';
import { Session, type SessionFeed } from './session.ts';
import type { Link } from './transport/link.ts';

const reading: Message = { kind: 'reading', name: 'x', value: 1, unit: '1', quality: 'good', attributes: {} };
const timing = {
  firstMs: 1000,
  capMs: 8000,
  resetAfterMs: 20_000,
  connectMs: 5000,
  killMs: 1000,
  drainMs: 3000,
};
const staleAfterSeconds = 10;
const reopenAfterSeconds = 30;

type Outcome = 'opens' | 'fails' | 'hangs' | 'ignoresAbort';

/** A device whose every connection does what the test says. */
class Device {
  outcome: Outcome = 'opens';
  attempts: number[] = [];
  open = 0;
  closeHangs = false;
  paused = false;
  feed: SessionFeed | undefined;
  #end: ((problem: Problem | undefined) => void) | undefined;
  late: (() => Promise<Link>)[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  async connect(feed: SessionFeed, signal: AbortSignal): Promise<Link> {
    this.attempts.push(this.#time.nowMs);
    const { outcome } = this;
    if (outcome === 'fails') throw faults.fault('link.failed', { detail: 'ECONNREFUSED' });
    if (outcome === 'opens') return this.#link(feed);
    return new Promise((resolve, reject) => {
      if (outcome === 'hangs') signal.addEventListener('abort', () => reject(signal.reason));
      else
        this.late.push(async () => {
          const link = this.#link(feed);
          resolve(link);
          return link;
        });
    });
  }

  #link(feed: SessionFeed): Link {
    this.open++;
    this.paused = false;
    this.feed = feed;
    let ended = false;
    let end: (problem: Problem | undefined) => void = () => undefined;
    const closed = new Promise<Problem | undefined>((resolve) => {
      end = (problem) => {
        if (ended) return;
        ended = true;
        this.open--;
        resolve(problem);
      };
    });
    this.#end = end;
    return {
      closed,
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
      close: () => {
        if (!this.closeHangs) end(undefined);
        return closed.then(() => undefined);
      },
      kill: () => end(undefined),
    };
  }

  say(): void {
    this.feed?.heard();
    this.feed?.deliver(reading);
  }

  hangUp(): void {
    this.#end?.(faults.problem('link.closed'));
  }
}

function rig(repeats = false, commits = true, heardUntil?: string) {
  const time = new VirtualTime();
  const world = new DeviceWorld({
    clock: time.clock,
    timers: time,
    commits,
    ...(heardUntil === undefined ? {} : { heardUntil }),
  });
  const device = new Device(time);
  const session = new Session({
    driver: 'test',
    repeats,
    staleAfterSeconds,
    reopenAfterSeconds,
    timing,
    environment: world.environment,
    connect: (feed, signal) => device.connect(feed, signal),
  });
  const state = () => session.health().state;
  return { time, world, device, session, state };
}

describe('connecting', () => {
  test('is live by data, not by an open connection', async () => {
    const { session, device, state } = rig();
    session.start();
    await settle();
    expect([device.open, state()]).toEqual([1, 'connecting']);
    device.say();
    expect(state()).toBe('live');
    expect(session.health().messages).toBe(1);
  });

  test('waits longer after each failure, and says why', async () => {
    const { session, device, time, world, state } = rig();
    device.outcome = 'fails';
    session.start();
    await time.advance(30_000);
    const gaps = device.attempts.slice(1).map((at, i) => at - (device.attempts[i] as number));
    expect(gaps.slice(0, 4)).toEqual([750, 1500, 3000, 6000]); // random is one half: three quarters of the full
    expect(state()).toBe('backoff');
    expect(world.health.at(-1)?.detail).toContain('ECONNREFUSED');
  });

  test('a connection that dies at once does not reset the delay; one that stayed up does', async () => {
    const { session, device, time } = rig();
    session.start();
    await settle();
    device.hangUp();
    await time.advance(750);
    device.hangUp();
    await time.advance(1499);
    expect(device.open).toBe(0);
    await time.advance(1);
    expect(device.open).toBe(1);
    for (let i = 0; i < 5; i++) {
      device.say();
      await time.advance(5000);
    }
    device.hangUp();
    await time.advance(750);
    expect(device.open).toBe(1);
  });

  test('an open that hangs is aborted and tried again', async () => {
    const { session, device, time } = rig();
    device.outcome = 'hangs';
    session.start();
    await time.advance(5000 + 749);
    expect(device.attempts).toHaveLength(1);
    await time.advance(1);
    expect(device.attempts).toHaveLength(2);
  });

  test('an open that does not even give up is left behind, and killed when it opens after all', async () => {
    const { session, device, time, world } = rig();
    device.outcome = 'ignoresAbort';
    session.start();
    device.outcome = 'opens';
    await time.advance(5000 + 1000 + 750);
    expect([device.attempts.length, device.open]).toEqual([2, 1]);
    const current = device.feed;
    await device.late[0]?.();
    const late = device.feed;
    await settle();
    expect(device.open).toBe(1);
    late?.deliver(reading);
    expect(world.messages).toHaveLength(0);
    current?.deliver(reading);
    expect(world.messages).toHaveLength(1);
  });

  test('a refusal is told apart, and tried again all the same', async () => {
    const { session, device, time, state } = rig();
    device.connect = async () => {
      device.attempts.push(time.nowMs);
      throw new Fault(faults.problem('mqtt.refused', { detail: 'not authorised' }));
    };
    session.start();
    await settle();
    expect(state()).toBe('refused');
    await time.advance(750);
    expect(device.attempts).toHaveLength(2);
  });
});

describe('silence', () => {
  test('makes it stale, then opens it anew', async () => {
    const { session, device, time, state } = rig();
    session.start();
    await settle();
    device.say();
    await time.advance(9999);
    expect(state()).toBe('live');
    await time.advance(1);
    expect(state()).toBe('stale');
    await time.advance(20_000 + 750);
    expect(device.attempts).toHaveLength(2);
  });

  test('while the flow has no room is ours', async () => {
    const { session, device, time, world, state } = rig();
    session.start();
    await settle();
    device.say();
    world.credit(false);
    expect(device.paused).toBe(true);
    await time.advance(125_000);
    expect([state(), device.attempts.length]).toEqual(['live', 1]);
    world.credit(true);
    expect(device.paused).toBe(false);
    await time.advance(9000);
    expect(state()).toBe('live');
    device.say();
    expect(world.gaps).toEqual([]);
  });
});

describe('a gap', () => {
  test('lasts from the last data to the first after it', async () => {
    const { session, device, time, world } = rig();
    session.start();
    await settle();
    device.say();
    await time.advance(4000);
    device.say();
    await time.advance(1000);
    device.hangUp();
    await time.advance(3000);
    device.say();
    expect(world.gaps).toEqual([
      {
        from: '2026-01-01T00:00:04.000Z',
        to: '2026-01-01T00:00:08.000Z',
        reason: 'The other side closed the connection.',
      },
    ]);
  });

  test('is told of the time before the start', async () => {
    const { session, device, time, world } = rig(false, true, '2025-12-31T23:00:00.000Z');
    session.start();
    await time.advance(2000);
    device.say();
    expect(world.gaps.map(({ from, to }) => [from, to])).toEqual([
      ['2025-12-31T23:00:00.000Z', '2026-01-01T00:00:02.000Z'],
    ]);
  });

  test('is not told of a source that repeats itself', async () => {
    const { session, device, time, world } = rig(true);
    session.start();
    await settle();
    device.say();
    device.hangUp();
    await time.advance(3000);
    device.say();
    expect(world.gaps).toEqual([]);
  });
});

describe('stop', () => {
  test('stops reading, waits for the commit, then closes', async () => {
    const { session, device, time, world, state } = rig(false, false);
    session.start();
    await settle();
    device.say();
    const stopped = session.stop();
    await settle();
    expect([device.paused, device.open]).toEqual([true, 1]);
    world.commit();
    await time.advance(0);
    await stopped;
    expect([device.open, state(), time.pending]).toEqual([0, 'stopped', 0]);
  });

  test('a device that hangs up meanwhile is not called again', async () => {
    const { session, device, time, world, state } = rig(false, false);
    session.start();
    await settle();
    device.say();
    const stopped = session.stop();
    device.hangUp();
    await time.advance(2000);
    world.commit();
    await stopped;
    await time.advance(60_000);
    expect([device.attempts.length, device.open, time.pending, state()]).toEqual([1, 0, 0, 'stopped']);
  });

  test('does not wait for ever for a commit or for a link that hangs', async () => {
    const { session, device, time, state } = rig(false, false);
    session.start();
    await settle();
    device.say();
    device.closeHangs = true;
    const stopped = session.stop();
    await time.advance(3000);
    expect(device.open).toBe(1);
    await time.advance(1000);
    await stopped;
    expect([device.open, state()]).toEqual([0, 'stopped']);
  });
});

test('whatever the device does: one connection, no data lost or doubled, gaps in order, and in the end it is live', async () => {
  const step = fc.oneof(
    fc.constantFrom<Outcome>('opens', 'fails', 'hangs', 'ignoresAbort').map((outcome) => ({ outcome })),
    fc.constant({ say: true }),
    fc.constant({ hangUp: true }),
    fc.boolean().map((credit) => ({ credit })),
    fc.constant({ lateOpen: true }),
    fc.integer({ min: 0, max: 45_000 }).map((wait) => ({ wait })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, stopsEarly) => {
      const { session, device, time, world, state } = rig();
      session.start();
      let said = 0;
      for (const each of steps) {
        if ('outcome' in each) device.outcome = each.outcome;
        if ('say' in each && device.open > 0 && state() !== 'backoff') {
          const before = world.messages.length;
          device.say();
          said += world.messages.length - before;
          if (!['backoff', 'connecting', 'refused'].includes(state()))
            expect(world.messages.length).toBe(before + 1);
        }
        if ('hangUp' in each) device.hangUp();
        if ('credit' in each) world.credit(each.credit);
        if ('lateOpen' in each) await device.late.shift()?.();
        await time.advance('wait' in each ? each.wait : 0);
        expect(device.open).toBeLessThanOrEqual(1);
        expect(world.messages.length).toBe(said);
      }
      for (const [i, gap] of world.gaps.entries()) {
        expect(gap.from < gap.to || gap.from === gap.to).toBe(true);
        expect(gap.from >= (world.gaps[i - 1]?.to ?? '')).toBe(true);
      }
      if (!stopsEarly) {
        device.outcome = 'opens';
        world.credit(true);
        await time.advance(timing.connectMs + timing.killMs + timing.capMs + 1000);
        if (device.open === 0) await time.advance(timing.capMs);
        expect(device.open).toBe(1);
        device.say();
        expect(state()).toBe('live');
      }
      const stopped = session.stop();
      await time.advance(timing.drainMs + timing.killMs);
      await stopped;
      await time.advance(timing.capMs * 2);
      expect([device.open, time.pending, state()]).toEqual([0, 0, 'stopped']);
    }),
    { numRuns: 300 },
  );
});
