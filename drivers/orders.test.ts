import { afterEach, describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { DeviceWorld } from '#test/support/device-world';
import { freePort } from '#test/support/free-port';
import { until } from '#test/support/until';
import { checkConfig } from './config.ts';
import type { DeviceSession } from './driver.ts';
import { simulatedOrders, simulatedPassword } from './jt701/simulator.ts';
import { driverEntry } from './registry.ts';
import type { Simulator } from './simulator.ts';
import { simulators } from './simulators.ts';

/** Orders to devices that call in, each over a real socket to its simulator. */
const position: Message = {
  kind: 'position',
  device: '7000000001',
  time: '2026-11-25T10:00:00.000Z',
  lon: 119.5,
  lat: 34.5,
  fix: true,
  quality: 'good',
  attributes: {},
};
async function* source(): AsyncGenerator<Message> {
  yield position;
}

let device: Simulator | undefined;
let session: DeviceSession | undefined;
afterEach(async () => {
  await session?.stop();
  await device?.stop();
});

async function open(type: string, more: object = {}, secrets: Record<string, string> = {}) {
  const entry = driverEntry(type);
  const simulator = simulators.find((known) => known.type === type);
  if (!entry || !simulator) throw new Error(`no ${type}`);
  const listen = `127.0.0.1:${await freePort()}`;
  const checked = checkConfig(entry, { listen, devices: ['*'], ...more });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld({ secrets });
  const opened = (await entry.load()).open(checked.config, world.environment);
  session = opened;
  opened.start();
  const place = { connect: listen };
  device = await simulator.start({ source: source(), place, name: 'sim', random: Math.random });
  const heard = () => world.messages.find(({ kind }) => kind === 'position')?.device;
  await until('a report', () => heard() !== undefined);
  const identity = heard() ?? '';
  const order = (
    action: string,
    parameters: object = {},
    to = identity,
    signal = new AbortController().signal,
  ) => opened.command?.({ device: to, action, parameters: { ...parameters }, signal });
  return { order, world, simulated: device };
}

const corners = [
  { lon: 119, lat: 34 },
  { lon: 120, lat: 34 },
  { lon: 120, lat: 35 },
];
describe.each([
  ['gt06', 'command', { text: 'STATUS#' }],
  ['teltonika', 'command', { text: 'getinfo' }],
  ['jt808', 'text', { text: '请到三号门' }],
  ['jt808', 'circle', { id: 7, lon: 119.5, lat: 34.5, radiusM: 300 }],
  ['jt808', 'polygon', { id: 8, corners }],
  ['jt808', 'rectangle', { id: 9, west: 119, south: 34, east: 120, north: 35 }],
  ['jt808', 'route', { id: 10, points: corners, widthM: 30 }],
  ['jt808', 'forgetCircles', { ids: [7] }],
  ['jt808', 'forgetRectangles', { ids: [9] }],
  ['jt808', 'forgetPolygons', { ids: [] }],
  ['jt808', 'forgetRoutes', { ids: [10] }],
])('%s: %s', (type, action, parameters) => {
  test('is acknowledged by the device that was told, and given up by one that says nothing', async () => {
    const { order, simulated } = await open(type);
    await order(action, parameters);
    await expect(order(action, parameters, 'nobody')).rejects.toThrow(/nobody is not connected/);
    simulated.fault('noAnswer', true);
    const abort = new AbortController();
    const waiting = order(action, parameters, undefined, abort.signal);
    const second = order(action, parameters);
    await expect(second).rejects.toThrow(/has an order that it has not answered/);
    abort.abort();
    await expect(waiting).rejects.toThrow(/did not answer/);
  });
});

describe('a lock', () => {
  const orders = { ...simulatedOrders, secret: 'lock' };

  test('opens and says so; with another password it says no', async () => {
    const { order, world } = await open('jt701', { orders }, { 'lock.7000000001': simulatedPassword });
    await order('unlock');
    const last = () => world.messages.findLast(({ kind }) => kind === 'seal');
    await until('it is open', () => last()?.kind === 'seal' && JSON.stringify(last()).includes('"unlocked"'));
    await order('lock');
  });

  test('refuses a wrong password', async () => {
    const { order } = await open('jt701', { orders }, { lock: 'wrong' });
    await expect(order('unlock')).rejects.toThrow(/did not carry out unlock/);
  });

  test('is not told anything without its text or its secret', async () => {
    const { order } = await open('jt701', { orders });
    await expect(order('unlock')).rejects.toThrow(/no secret lock/);
    await session?.stop();
    await device?.stop();
    const plain = await open('jt701');
    await expect(plain.order('unlock')).rejects.toThrow(/cannot be told to unlock/);
  });

  test('behind a terminal of JT/T 808 is told by a text, which the terminal acknowledges', async () => {
    const unlock = { text: 'OPEN {secret}' };
    const { order } = await open('jt808', { orders: { unlock, secret: 'lock' } }, { lock: '1234' });
    await order('unlock');
  });

  test('whose connection ends has not answered', async () => {
    const { order, simulated } = await open('jt701', { orders }, { lock: simulatedPassword });
    simulated.fault('noAnswer', true);
    const waiting = order('unlock');
    setTimeout(() => simulated.fault('disconnect', true), 50);
    await expect(waiting).rejects.toThrow(/connection ended/);
  });
});
