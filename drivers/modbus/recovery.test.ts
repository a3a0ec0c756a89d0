import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { freePort } from '#test/support/free-port';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import { driverEntry } from '../registry.ts';
import type { Simulator } from '../simulator.ts';
import type { ModbusConfig } from './config.ts';
import { modbus } from './driver.ts';
import { simulateModbus } from './simulator.ts';

/** Faults of the transport itself, on real sockets and lines: after each the device is read again within two periods. */

beforeAll(builtSerialHost, buildLimitMs);

/** A period of the field. Everything that a busy machine does late has room in it. */
const pollSeconds = 5;
const twoPeriodsMs = 2 * pollSeconds * 1000;
/**
 * A serial line is opened by a process of its own, which takes as long to start as the machine lets it: there the
 * failed rounds are counted, which no load changes, and the clock only says that nothing hangs.
 */
const serialLimitMs = 60_000;
/** Longer than anything waited for takes on a busy machine. */
const waitMs = 60_000;

async function* nothing(): AsyncGenerator<Message> {}

const local = { host: '127.0.0.1', port: 0 };
const slaveAt = (wire: Parameters<typeof simulateModbus>[0]['wire']) =>
  simulateModbus({ source: nothing(), wire, random: Math.random });

function poll(config: Record<string, unknown>) {
  const entry = driverEntry('modbus');
  const given = { profile: 'belt-scale', unit: 1, pollSeconds, timeoutMs: 1000, quarantineMs: 50, ...config };
  const checked = entry && checkConfig(entry, given);
  if (!checked || 'problems' in checked) throw new Error(JSON.stringify(checked));
  const world = new DeviceWorld();
  const session = modbus.open(checked.config as ModbusConfig, world.environment);
  session.start();
  return { world, session };
}

const hears = (world: DeviceWorld, from = world.messages.length) =>
  until('it is read', () => world.messages.length > from, waitMs);

/** Reads without an answer, and connections that did not come about or ended. */
const failedRounds = (world: DeviceWorld) =>
  world.codes().filter((code) => code === 'modbus.timeout').length +
  world.health.filter(({ state }) => state === 'backoff').length;

interface Fault {
  readonly config: Record<string, unknown>;
  /** From the fault's end to the next reading at most. */
  readonly limitMs?: number;
  begin(): unknown;
  end(): unknown;
  stop(): unknown;
}

/** Begins and ends a fault, and looks at its device and at another one all the while. */
async function recovers({ config, limitMs = twoPeriodsMs, begin, end, stop }: Fault): Promise<void> {
  const quiet = await slaveAt(local);
  // It is looked at for what the fault does to it, and not for what a busy machine does.
  const other = poll({ ...quiet.config, timeoutMs: 10_000, pollSeconds: 0.2 });
  const faulty = poll(config);
  try {
    await goThrough(faulty, other.world, begin, end, limitMs);
  } finally {
    await Promise.all([faulty.session.stop(), other.session.stop()]);
    await stop();
    await quiet.stop();
  }
}

async function goThrough(
  { world, session }: ReturnType<typeof poll>,
  other: DeviceWorld,
  begin: Fault['begin'],
  end: Fault['end'],
  limitMs: number,
): Promise<void> {
  await Promise.all([hears(world, 0), hears(other, 0)]);
  await begin();
  await until(
    'it is noticed',
    () => world.codes().length > 0 || session.health().state === 'backoff',
    waitMs,
  );
  const others = other.messages.length;
  await until('the other one is read', () => other.messages.length > others + 4, waitMs);
  expect(other.codes()).toEqual([]);
  await end();
  const [endedMs, before] = [performance.now(), failedRounds(world)];
  await hears(world);
  expect(failedRounds(world) - before).toBeLessThanOrEqual(2);
  expect(performance.now() - endedMs).toBeLessThanOrEqual(limitMs);
  await hears(world); // and goes on
  expect(session.health().state).toBe('live');
}

/** Between the driver and a device on a socket; what it does to a connection can be changed. */
async function between(device: Simulator) {
  const target = Number(String(device.config.connect).split(':')[1]);
  const sockets = new Set<Socket>();
  let mode: 'through' | 'reset' | 'deaf' = 'through';
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => undefined);
    near.on('close', () => sockets.delete(near));
    if (mode === 'reset') return near.resetAndDestroy();
    const far = connect(target, '127.0.0.1');
    far.on('error', () => undefined);
    near.on('data', (bytes) => mode === 'through' && far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    config: { ...device.config, connect: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` },
    become(next: typeof mode) {
      mode = next;
      if (next === 'reset') for (const socket of sockets) socket.resetAndDestroy();
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await device.stop();
    },
  };
}

describe.concurrent('read again within two periods', { timeout: 180_000 }, () => {
  test('after connections that are reset', async () => {
    const { config, become, stop } = await between(await slaveAt(local));
    await recovers({ config, begin: () => become('reset'), end: () => become('through'), stop });
  });

  test('after a peer that takes connections and never answers', async () => {
    const { config, become, stop } = await between(await slaveAt(local));
    await recovers({ config, begin: () => become('deaf'), end: () => become('through'), stop });
  });

  test('after a peer that vanished without a word: its process is stopped, its connections stand', async () => {
    const device = await slaveAt(local);
    const port = await freePort();
    const relay = spawn(
      'socat',
      [`TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `TCP:${device.config.connect}`],
      {
        detached: true, // a group of its own, with the children that have the connections
        stdio: 'ignore',
      },
    );
    relays.add(relay);
    const group = (signal: NodeJS.Signals) => process.kill(-(relay.pid ?? 0), signal);
    await recovers({
      config: { ...device.config, connect: `127.0.0.1:${port}` },
      begin: () => group('SIGSTOP'),
      end: () => group('SIGCONT'),
      async stop() {
        group('SIGKILL');
        await device.stop();
      },
    });
  });

  test('after a serial line that was unplugged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-replug-'));
    const wire = { pty: true, path: join(folder, 'line') } as const;
    let device = await slaveAt(wire);
    await recovers({
      config: device.config,
      limitMs: serialLimitMs,
      begin: () => device.stop(),
      async end() {
        device = await slaveAt(wire);
      },
      async stop() {
        await device.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    });
  });

  test.each(['babble', 'silence'])('after a serial line with the fault %s', async (fault) => {
    const device = await slaveAt({ pty: true });
    await recovers({
      config: device.config,
      limitMs: serialLimitMs,
      begin: () => device.fault(fault, true),
      end: () => device.fault(fault, false),
      stop: () => device.stop(),
    });
  });
});

/** Should a test end before it has ended its own. */
const relays = new Set<ChildProcess>();
afterAll(() => {
  for (const { pid, exitCode } of relays) {
    if (pid === undefined || exitCode !== null) continue;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});
