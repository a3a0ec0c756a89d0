import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faults } from '#drivers/faults';
import { lockCommands } from '#drivers/lock-orders';
import type { CommandReport, DeviceCommand } from '#flows/command';
import type { Emission } from '#flows/event';
import type { Message } from '#flows/message';
import type { StateChange } from '#flows/runtime';
import { Commander } from './commander.ts';
import { Ledger } from './ledger.ts';

const start = Date.UTC(2026, 10, 25, 10);
const iso = (ms: number) => new Date(start + ms).toISOString();
const device = '7000000001';
const zone = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [119, 34],
      [120, 34],
      [120, 35],
      [119, 35],
      [119, 34],
    ],
  ],
};

function unlock(id: string, more: Partial<DeviceCommand> = {}): DeviceCommand {
  return {
    kind: 'device-command',
    version: 1,
    id,
    box: 'b-1',
    flow: 'f',
    node: 'locks',
    device,
    action: 'unlock',
    parameters: {},
    expected: { kind: 'seal', where: { state: 'unlocked' } },
    timeoutSeconds: 10,
    authorisation: {
      id: `a-${id}`,
      device,
      action: 'unlock',
      notBefore: iso(0),
      notAfter: iso(600_000),
      officers: ['wei', 'mei'],
      reason: 'inspection',
      nonce: id,
    },
    issued: iso(0),
    expires: iso(600_000),
    signature: 'checked before',
    ...more,
  };
}
const authorised = (command: DeviceCommand, more: Partial<DeviceCommand['authorisation']>) => ({
  ...command,
  authorisation: { ...command.authorisation, ...more },
});

/** A box whose disk keeps what was written and whose memory a crash takes away. */
class World {
  nowMs = start;
  readonly disk = new Map<string, StateChange>();
  readonly events: Emission[] = [];
  readonly orders: string[] = [];
  readonly reports: CommandReport[] = [];
  readonly said: string[] = [];
  answer: 'done' | 'none' | 'denied' | 'unanswered' = 'done';
  full = false;
  #life = 0;
  commander = this.#compose();

  #compose(): Commander {
    // Whoever died in a crash does nothing any more.
    this.#life++;
    const life = this.#life;
    return new Commander({
      ledger: new Ledger({
        stored: [...this.disk.values()],
        write: (emissions, { entries }) => {
          if (this.full || life !== this.#life) return false;
          this.events.push(...emissions);
          for (const entry of entries) {
            const key = `${entry.node} ${entry.key}`;
            // As text, as on a disk: nothing shares an object with the memory of before.
            if (entry.value === undefined) this.disk.delete(key);
            else this.disk.set(key, JSON.parse(JSON.stringify(entry)) as StateChange);
          }
          return true;
        },
      }),
      now: () => this.nowMs,
      commands: (flow, node) => (flow === 'f' && node === 'locks' ? lockCommands : undefined),
      order: (_flow, _node, order) => {
        this.orders.push(order.device);
        if (this.answer === 'done') return Promise.resolve();
        if (this.answer === 'unanswered')
          return Promise.reject(faults.fault('command.unanswered', { device: order.device }));
        if (this.answer === 'denied') return Promise.reject(new Error('no'));
        return new Promise(() => undefined);
      },
      report: (report) => this.reports.push(report),
      say: ({ code }) => this.said.push(code),
    });
  }

  crash(): void {
    this.commander = this.#compose();
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.commander.tick();
  }

  seal(state: 'locked' | 'unlocked', more: Record<string, unknown> = {}): void {
    const time = new Date(this.nowMs).toISOString();
    const message = { kind: 'seal', device, time, state, quality: 'good', attributes: {}, ...more };
    this.commander.see(message as Message);
  }

  at(lon: number, lat: number, more: Record<string, unknown> = {}): void {
    const time = new Date(this.nowMs).toISOString();
    const known = { kind: 'position', device, time, lon, lat, fix: true, quality: 'good', attributes: {} };
    const message = { ...known, ...more };
    this.commander.see(message as Message);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type.replace('quaywatch.', ''));
  }

  get last(): string {
    const { state, code } = this.reports.at(-1) as CommandReport;
    return code === undefined ? state : `${state} ${code}`;
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a command', () => {
  test('is done when the device says so, and not when it acknowledges', async () => {
    const world = new World();
    world.seal('locked');
    world.commander.take(unlock('1'));
    await settled();
    expect(world.last).toBe('acknowledged');
    world.seal('unlocked');
    expect(world.types).toEqual(['command.sent', 'command.acknowledged', 'command.confirmed']);
    world.pass(700_000);
    expect(world.types).toHaveLength(3);
  });

  test('that is acknowledged and not carried out times out as an alarm; its authorisation ends unused', async () => {
    const world = new World();
    world.seal('locked');
    world.commander.take(unlock('1'));
    await settled();
    world.seal('locked');
    world.pass(10_001);
    expect(world.last).toBe('timedOut command.timedOut');
    expect(world.events.at(-1)?.priority).toBe('alarm');
    world.pass(600_000);
    expect(world.types.at(-1)).toBe('authorisation.expired');
    world.pass(600_000);
    expect(world.types).toHaveLength(4);
  });

  test('that is carried out late is confirmed as late, and no alarm of its own', async () => {
    const world = new World();
    world.seal('locked');
    world.answer = 'none';
    world.commander.take(unlock('1'));
    world.pass(10_001);
    world.seal('unlocked');
    expect(world.types).toEqual(['command.sent', 'command.timedOut', 'command.confirmed']);
    expect(world.reports.at(-1)).toMatchObject({ late: true, acknowledged: false });
  });

  test('is not confirmed by what the lock had kept from before it', () => {
    const world = new World();
    world.answer = 'none';
    world.pass(60_000);
    world.commander.take(unlock('1'));
    world.seal('unlocked', { time: iso(10_000) });
    expect(world.last).toBe('sent');
  });

  test('that the device denies has failed', async () => {
    const world = new World();
    world.answer = 'denied';
    world.commander.take(unlock('1'));
    await settled();
    expect(world.last).toBe('failed command.failed');
    // It said no, and opened all the same: nobody vouches for that.
    world.seal('locked');
    world.seal('unlocked');
    expect(world.types.slice(-2)).toEqual(['command.failed', 'seal.unauthorised']);
  });

  test('whose connection broke may have been done: the report of the lock is waited for', async () => {
    const world = new World();
    world.answer = 'unanswered';
    world.commander.take(unlock('1'));
    await settled();
    expect(world.last).toBe('sent');
    world.seal('unlocked');
    expect(world.last).toBe('confirmed');
  });

  test('is not confirmed after the end of its authorisation, nor by a report that cannot be trusted', () => {
    const world = new World();
    world.answer = 'none';
    world.commander.take(authorised(unlock('1'), { notAfter: iso(5000) }));
    world.seal('unlocked', { quality: 'stale' });
    expect(world.last).toBe('sent');
    world.nowMs += 5001;
    world.seal('unlocked');
    expect(world.last).toBe('sent');
  });

  test('is not sent when it cannot be written down', () => {
    const world = new World();
    world.full = true;
    world.commander.take(unlock('1'));
    expect([world.orders, world.said]).toEqual([[], ['command.unwritten']]);
    world.full = false;
    world.commander.take(unlock('1'));
    expect(world.orders).toHaveLength(1);
  });
});

describe('is refused', () => {
  const one = unlock('1');
  test.each([
    ['with one officer', authorised(one, { officers: ['wei'] }), 'command.officers'],
    ['with one officer twice', authorised(one, { officers: ['wei', ' Wei'] }), 'command.officers'],
    ['for another device', authorised(one, { device: 'other' }), 'command.authorisation'],
    ['for another action', authorised(one, { action: 'lock' }), 'command.authorisation'],
    ['before its time', authorised(one, { notBefore: iso(1) }), 'command.early'],
    ['after its time', authorised(one, { notAfter: iso(-1) }), 'command.over'],
    ['where nobody knows the place', authorised(one, { zone }), 'command.nowhere'],
    ['at a node that is none', { ...one, node: 'doors' }, 'command.unknown'],
    ['with parameters that are none', { ...one, parameters: { force: true } }, 'command.wrong'],
    ['with another expectation', { ...one, expected: { kind: 'seal', where: {} } }, 'command.wrong'],
  ])('%s', (_, command, code) => {
    const world = new World();
    world.commander.take(command);
    expect([world.last, world.orders]).toEqual([`refused ${code}`, []]);
  });

  test.each([
    [121, 34.5, 'refused command.outside'],
    [119.5, 34.5, 'sent'],
    [119, 34.5, 'sent'],
  ])('outside its zone: %f, %f', (lon, lat, last) => {
    const world = new World();
    world.at(lon, lat);
    world.commander.take(authorised(one, { zone }));
    expect(world.last).toBe(last);
  });

  test.each([
    ['no fix', { fix: false }],
    ['a place that is in doubt', { quality: 'suspect' }],
    ['a place of before', { time: iso(-30_000) }],
  ])('outside its zone, and %s inside does not count', (_, more) => {
    const world = new World();
    world.at(121, 34.5);
    world.at(119.5, 34.5, more);
    world.commander.take(authorised(one, { zone }));
    expect(world.last).toBe('refused command.outside');
  });

  test('where the place is known no longer', () => {
    const world = new World();
    world.at(119.5, 34.5);
    world.nowMs += 600_001;
    world.commander.take(authorised(one, { zone, notAfter: iso(900_000) }));
    expect(world.last).toBe('refused command.nowhere');
  });

  test('with an authorisation that was used', () => {
    const world = new World();
    world.commander.take(one);
    world.commander.take(authorised(unlock('2'), { id: one.authorisation.id }));
    expect([world.last, world.orders.length]).toEqual(['refused command.used', 1]);
  });

  test('after six orders in ten minutes', () => {
    const world = new World();
    for (let i = 0; i < 7; i++) world.commander.take(unlock(`${i}`));
    expect([world.last, world.orders.length]).toEqual(['refused command.rate', 6]);
  });

  test('after wrong passwords at the lock', () => {
    const world = new World();
    world.seal('locked', { attributes: { alarms: ['wrongPassword'] } });
    world.commander.take(one);
    expect(world.last).toBe('refused command.lockedOut');
  });

  test('under the id of another, and the first stands', () => {
    const world = new World();
    world.commander.take(one);
    world.commander.take({ ...one, device: 'other' });
    expect([world.said, world.orders.length]).toEqual([['command.reused'], 1]);
  });
});

describe('an opening', () => {
  test('without a live authorisation is an alarm; the first report of a seal is none', () => {
    const world = new World();
    world.seal('unlocked');
    world.seal('locked');
    expect(world.types).toEqual([]);
    world.crash();
    world.seal('unlocked', { reason: 'unlockAlarm' });
    expect(world.events).toMatchObject([
      { type: 'quaywatch.seal.unauthorised', priority: 'alarm', subject: device },
    ]);
    world.seal('unlocked');
    expect(world.events).toHaveLength(1);
  });

  test('counts once for an authorisation', async () => {
    const world = new World();
    world.seal('locked');
    world.commander.take(unlock('1'));
    await settled();
    world.seal('unlocked');
    world.seal('locked');
    world.seal('unlocked');
    expect(world.types.at(-1)).toBe('seal.unauthorised');
  });
});

test('however commands are sent again, reordered and cut by crashes, no device hears one twice', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('take' as const), id: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ do: fc.constantFrom('crash' as const, 'unlocked' as const, 'locked' as const) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
    fc.record({ do: fc.constant('disk' as const), full: fc.boolean() }),
    fc.record({ do: fc.constant('settle' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = new World();
      for (const now of steps) {
        if (now.do === 'take') world.commander.take(unlock(String(now.id)));
        else if (now.do === 'crash') world.crash();
        else if (now.do === 'pass') world.pass(now.ms);
        else if (now.do === 'disk') world.full = now.full;
        else if (now.do === 'settle') await settled();
        else world.seal(now.do);
      }
      const of = (type: string) => world.events.filter((event) => event.type === `quaywatch.${type}`);
      const ids = (events: readonly Emission[]) => events.map(({ data }) => data.command);
      for (const type of ['command.sent', 'command.confirmed', 'command.timedOut', 'authorisation.expired'])
        expect(new Set(ids(of(type))).size).toBe(of(type).length);
      expect(world.orders.length).toBe(of('command.sent').length);
      const used = new Set(ids(of('command.confirmed')));
      for (const id of ids(of('authorisation.expired'))) expect(used).not.toContain(id);
    }),
    { numRuns: 300 },
  );
});
