import { afterEach, expect, test } from 'vitest';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DeviceSession, DriverEntry } from '../driver.ts';
import type { Simulator } from '../simulator.ts';
import { modbusAbout } from './config.ts';
import { modbus } from './driver.ts';
import { barrier } from './profiles/barrier.ts';
import { simulateModbus } from './simulator.ts';

let device: Simulator | undefined;
let session: DeviceSession | undefined;
afterEach(async () => {
  await session?.stop();
  await device?.stop();
});

const nothing = { async *[Symbol.asyncIterator]() {} };

/** A barrier over Modbus/TCP on a real socket, and the driver that reads its end switches. */
async function open() {
  const wire = { host: '127.0.0.1', port: 0 };
  device = await simulateModbus({ source: nothing, wire, profile: barrier, random: Math.random });
  const given = { ...device.config, device: 'gate-1', pollSeconds: 0.1 };
  const checked = checkConfig(modbusAbout as unknown as DriverEntry, given, true);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld();
  const opened = modbus.open(checked.config as Parameters<typeof modbus.open>[0], world.environment);
  session = opened;
  opened.start();
  const last = (name: string) =>
    world.messages.findLast((message) => message.kind === 'reading' && message.name === name);
  await until('a reading', () => last('barrierClosed') !== undefined);
  const { signal } = new AbortController();
  const order = (action: string, to = 'gate-1') =>
    opened.command?.({ device: to, action, parameters: {}, signal });
  return { last, order, simulated: device };
}

test('a barrier opens and closes, and its end switches say so', async () => {
  const { last, order } = await open();
  expect(last('barrierClosed')).toMatchObject({ value: 1 });
  await order('open');
  await until('it is open', () => (last('barrierOpen') as { value?: number } | undefined)?.value === 1);
  expect(last('barrierClosed')).toMatchObject({ device: 'gate-1', value: 0 });
  await order('close');
  await until('it is closed', () => (last('barrierClosed') as { value?: number } | undefined)?.value === 1);
});

test('one that acknowledges and does not move is seen as closed; orders for others are refused', async () => {
  const { last, order, simulated } = await open();
  simulated.fault('noMove', true);
  await order('open');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(last('barrierOpen')).toMatchObject({ value: 0 });
  await expect(order('open', 'gate-2')).rejects.toThrow(/not connected/);
  await expect(order('lift')).rejects.toThrow(/cannot be told to lift/);
});

test('a barrier that says nothing has not answered, and none is told twice', async () => {
  const { order, simulated } = await open();
  simulated.fault('silence', true);
  await expect(order('open')).rejects.toThrow(/did not answer/);
});

test('a barrier needs a name', () => {
  const entry = modbusAbout as unknown as DriverEntry;
  const checked = checkConfig(entry, { connect: '127.0.0.1:1', profile: 'barrier' });
  expect(JSON.stringify(checked)).toContain('needs a name');
});
