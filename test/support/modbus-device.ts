import { checkConfig } from '#drivers/config';
import type { DeviceSession, DriverEntry } from '#drivers/driver';
import { modbusAbout } from '#drivers/modbus/config';
import { modbus } from '#drivers/modbus/driver';
import type { Profile } from '#drivers/modbus/profile';
import { simulateModbus } from '#drivers/modbus/simulator';
import { DeviceWorld } from './device-world.ts';

const nothing = { async *[Symbol.asyncIterator]() {} };

export interface CommandedDevice {
  readonly simulated: Awaited<ReturnType<typeof simulateModbus>>;
  readonly session: DeviceSession;
  /** The newest reading of a name. */
  last(name: string): { readonly device?: string | undefined; readonly value: number } | undefined;
  /** Tells this device, or another, to do something. */
  order(action: string, to?: string): Promise<void> | undefined;
  stop(): Promise<void>;
}

/** A device over Modbus/TCP on a real socket, and the driver that reads and commands it. */
export async function commandedModbus(profile: Profile, name: string): Promise<CommandedDevice> {
  const wire = { host: '127.0.0.1', port: 0 };
  const simulated = await simulateModbus({ source: nothing, wire, profile, random: Math.random });
  const given = { ...simulated.config, device: name, pollSeconds: 0.1 };
  const checked = checkConfig(modbusAbout as unknown as DriverEntry, given, true);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld();
  const session = modbus.open(checked.config as Parameters<typeof modbus.open>[0], world.environment);
  session.start();
  const { signal } = new AbortController();
  return {
    simulated,
    session,
    last(reading) {
      const found = world.messages.findLast(
        (message) => message.kind === 'reading' && message.name === reading,
      );
      return found?.kind === 'reading' ? found : undefined;
    },
    order: (action, to = name) => session.command?.({ device: to, action, parameters: {}, signal }),
    async stop() {
      await session.stop();
      await simulated.stop();
    },
  };
}
