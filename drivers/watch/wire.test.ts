import { beforeAll, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { freePort } from '#test/support/free-port';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DeviceSession, Driver, DriverEnvironment } from '../driver.ts';
import { jt808 } from '../jt808/driver.ts';
import { simulateJt808 } from '../jt808/simulator.ts';
import { nmea } from '../nmea/driver.ts';
import { simulateNmea } from '../nmea/simulator.ts';
import { driverEntry } from '../registry.ts';

/** Devices that are wrong, on real wires: what the watch says of them reaches the flow. */

beforeAll(builtSerialHost, buildLimitMs);

/** A world whose monotonic clock can be moved on. */
function worldOf() {
  let jumpedMs = 0;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + jumpedMs };
  const world = new DeviceWorld({ clock });
  const jump = (ms: number) => {
    jumpedMs += ms;
  };
  return { world, jump };
}

/** A truck at 360 km/h, twenty times a second; `lateMs` says how late a report is. */
async function* driving(signal: AbortSignal, lateMs: () => number): AsyncGenerator<Message> {
  for (let turn = 1; !signal.aborted; turn++) {
    yield {
      kind: 'position',
      device: '013800000001',
      time: new Date(Date.now() - lateMs()).toISOString(),
      quality: 'good',
      lon: 4 + turn / 1e4,
      lat: 51.95,
      speedKph: 360,
      courseDeg: 90,
      fix: true,
      attributes: {},
    };
    await new Promise((done) => setTimeout(done, 50));
  }
}

function open(
  driver: Driver,
  config: Record<string, unknown>,
  environment: DriverEnvironment,
): DeviceSession {
  const entry = driverEntry(driver.type);
  const checked = entry && checkConfig(entry, { ...config, staleAfterSeconds: 3600 });
  if (!checked || 'problems' in checked) throw new Error(JSON.stringify(checked));
  const session = driver.open(checked.config, environment);
  session.start();
  return session;
}

const last = ({ messages }: DeviceWorld) => messages.at(-1);
const more = async (world: DeviceWorld, count: number) => {
  const from = world.messages.length;
  await until('it is heard', () => world.messages.length >= from + count, 20_000);
};

test.each(['pty', 'listen'] as const)(
  'a receiver over %s that freezes, and whose clock rolls over',
  async (place) => {
    const stop = new AbortController();
    const { world, jump } = worldOf();
    const device = await simulateNmea({
      source: driving(stop.signal, () => 0),
      place: { [place]: place === 'pty' ? '' : '127.0.0.1:0' },
      random: Math.random,
    });
    const session = open(nmea as unknown as Driver, device.config, world.environment);
    try {
      await more(world, 4);
      expect(last(world)).toMatchObject({ quality: 'good' });
      expect(last(world)?.attributes).not.toHaveProperty('frozen');
      device.fault('frozen', true);
      await until('it is told', () => last(world)?.attributes.frozen === true, 20_000);
      expect(last(world)?.quality).toBe('suspect');
      device.fault('frozen', false);
      await until('it is over', () => last(world)?.attributes.frozen === undefined, 20_000);
      device.fault('clockOff', true);
      await more(world, 4);
      jump(61_000); // the stretch in which the clock was right
      await more(world, 4);
      jump(61_000);
      await until('the clock is told', () => last(world)?.attributes.clockOffsetMs !== undefined, 20_000);
      const weeksMs = 1024 * 7 * 86_400_000;
      expect(Math.abs((last(world)?.attributes.clockOffsetMs as number) + weeksMs)).toBeLessThan(10_000);
      device.fault('clockOff', false);
      await until('it is set right', () => last(world)?.attributes.clockOffsetMs === undefined, 20_000);
    } finally {
      stop.abort();
      await session.stop();
      await device.stop();
    }
  },
  60_000,
);

test.each(['from the start', 'after a while'])(
  'a receiver that hangs %s and says one moment for ever is told within its staleness',
  async (when) => {
    const stop = new AbortController();
    const { world, jump } = worldOf();
    const device = await simulateNmea({
      source: driving(stop.signal, () => 0),
      place: { listen: '127.0.0.1:0' },
      random: Math.random,
    });
    device.fault('stuck', when === 'from the start');
    const session = open(nmea as unknown as Driver, device.config, world.environment);
    try {
      if (when === 'after a while') {
        await more(world, 4);
        expect(last(world)?.attributes).not.toHaveProperty('frozen');
        device.fault('stuck', true);
        await new Promise((done) => setTimeout(done, 300));
      }
      await until('the line is heard', () => session.health().state !== 'connecting', 20_000);
      await new Promise((done) => setTimeout(done, 300));
      jump(2100); // from here on each repetition counts
      await more(world, 4);
      jump(10_000);
      await until('it is told', () => last(world)?.attributes.frozen === true, 20_000);
      expect(last(world)?.quality).toBe('suspect');
      device.fault('stuck', false);
      await until('it is over', () => last(world)?.attributes.frozen === undefined, 20_000);
      expect(last(world)?.quality).toBe('good');
    } finally {
      stop.abort();
      await session.stop();
      await device.stop();
    }
  },
  60_000,
);

test('a terminal that reports late is believed when it reports live, and not before', async () => {
  const stop = new AbortController();
  const { world, jump } = worldOf();
  let lateMs = 3_600_000;
  const listen = { host: '127.0.0.1', port: await freePort() };
  const device = await simulateJt808({
    source: driving(stop.signal, () => lateMs),
    ...listen,
    random: Math.random,
  });
  const session = open(jt808 as unknown as Driver, device.config, world.environment);
  try {
    await more(world, 4);
    expect(last(world)?.attributes).not.toHaveProperty('clockOffsetMs');
    jump(31_000); // half a minute of nothing but an hour ago: that is its clock
    await until('the clock is told', () => last(world)?.attributes.clockOffsetMs !== undefined, 20_000);
    expect(Math.abs((last(world)?.attributes.clockOffsetMs as number) + 3_600_000)).toBeLessThan(10_000);
    lateMs = 0;
    await until('a live one', () => last(world)?.attributes.clockOffsetMs === undefined, 20_000);
    device.fault('backfill', true);
    lateMs = 3_600_000;
    await until('a batch', () => last(world)?.attributes.backfill === true, 20_000);
    expect(last(world)?.attributes).not.toHaveProperty('clockOffsetMs');
  } finally {
    stop.abort();
    await session.stop();
    await device.stop();
  }
}, 60_000);
