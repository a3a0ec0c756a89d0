import { afterEach, expect, test } from 'vitest';
import { type CommandedDevice, commandedModbus } from '#test/support/modbus-device';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DriverEntry } from '../driver.ts';
import { modbusAbout } from './config.ts';
import { barrier } from './profiles/barrier.ts';

let device: CommandedDevice | undefined;
afterEach(() => device?.stop());

async function open(): Promise<CommandedDevice> {
  const opened = await commandedModbus(barrier, 'gate-1');
  device = opened;
  await until('a reading', () => opened.last('barrierClosed') !== undefined);
  return opened;
}

test('a barrier opens and closes, and its end switches say so', async () => {
  const { last, order } = await open();
  expect(last('barrierClosed')).toMatchObject({ value: 1 });
  await order('open');
  await until('it is open', () => last('barrierOpen')?.value === 1);
  expect(last('barrierClosed')).toMatchObject({ device: 'gate-1', value: 0 });
  await order('close');
  await until('it is closed', () => last('barrierClosed')?.value === 1);
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
