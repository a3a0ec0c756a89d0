import { afterEach, expect, test } from 'vitest';
import { type CommandedDevice, commandedModbus } from '#test/support/modbus-device';
import { until } from '#test/support/until';
import { sampler } from './profiles/sampler.ts';

let device: CommandedDevice | undefined;
afterEach(() => device?.stop());

test('a sampler takes a sample when it is told, counts it, and opens no barrier', async () => {
  device = await commandedModbus(sampler, 'sampler-1');
  const { last, order } = device;
  await until('a reading', () => last('samplerReady')?.value === 1);
  await order('take');
  await until('the sample', () => last('samplesTaken')?.value === 1 && last('samplerReady')?.value === 1);
  await expect(order('open')).rejects.toThrow(/cannot be told to open/);
});
