import { afterEach, expect, test } from 'vitest';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DeviceSession, DriverEntry } from '../driver.ts';
import type { Simulator } from '../simulator.ts';
import { modbusAbout } from './config.ts';
import { modbus } from './driver.ts';
import { sampler } from './profiles/sampler.ts';
import { simulateModbus } from './simulator.ts';

let device: Simulator | undefined;
let session: DeviceSession | undefined;
afterEach(async () => {
  await session?.stop();
  await device?.stop();
});

const nothing = { async *[Symbol.asyncIterator]() {} };

test('a sampler takes a sample when it is told, counts it, and opens no barrier', async () => {
  device = await simulateModbus({
    source: nothing,
    wire: { host: '127.0.0.1', port: 0 },
    profile: sampler,
    random: Math.random,
  });
  const given = { ...device.config, device: 'sampler-1', pollSeconds: 0.1 };
  const checked = checkConfig(modbusAbout as unknown as DriverEntry, given, true);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld();
  const opened = modbus.open(checked.config as Parameters<typeof modbus.open>[0], world.environment);
  session = opened;
  opened.start();
  const last = (name: string) => {
    const found = world.messages.findLast((message) => message.kind === 'reading' && message.name === name);
    return found?.kind === 'reading' ? found.value : undefined;
  };
  await until('a reading', () => last('samplerReady') === 1);
  const { signal } = new AbortController();
  await opened.command?.({ device: 'sampler-1', action: 'take', parameters: {}, signal });
  await until('the sample', () => last('samplesTaken') === 1 && last('samplerReady') === 1);
  const open = opened.command?.({ device: 'sampler-1', action: 'open', parameters: {}, signal });
  await expect(open).rejects.toThrow(/cannot be told to open/);
});
