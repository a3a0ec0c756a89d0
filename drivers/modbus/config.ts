import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { parseAddress } from '../transport/link.ts';
import { modbusCommands } from './orders.ts';
import { Profile, profileProblems } from './profile.ts';
import { profiles } from './profiles/index.ts';

export const ModbusConfig = Type.Object(
  {
    path: Type.Optional(
      Type.String({ description: 'Serial line of Modbus RTU, such as /dev/serial/by-path/….' }),
    ),
    baudRate: Type.Integer({
      description: 'Baud rate of the serial line.',
      default: 9600,
      minimum: 50,
      maximum: 4_000_000,
    }),
    parity: Type.Enum(['none', 'even', 'odd'], {
      description: 'Parity of the serial line.',
      default: 'none',
    }),
    stopBits: Type.Enum([1, 2], { description: 'Stop bits of the serial line.', default: 1 }),
    connect: Type.Optional(Type.String({ description: 'A device or gateway of Modbus/TCP, host:port.' })),
    unit: Type.Integer({
      description: 'Address of the device on its line.',
      default: 1,
      minimum: 0,
      maximum: 255,
    }),
    profile: Type.Union([Type.String(), Profile], {
      description: `What the device has in its registers: the name of a profile that is shipped (${profiles.map(({ id }) => id).join(', ')}), or one of your own.`,
    }),
    pollSeconds: Type.Number({
      description: 'Time between two rounds of reading, seconds.',
      default: 1,
      minimum: 0.02,
      maximum: 3600,
    }),
    timeoutMs: Type.Integer({
      description: 'How long an answer is waited for, ms.',
      default: 300,
      minimum: 5,
      maximum: 60_000,
    }),
    settleMs: Type.Integer({
      description: 'Silence behind an answer on a serial line before it counts, ms.',
      default: 5,
      minimum: 1,
      maximum: 1000,
    }),
    quarantineMs: Type.Integer({
      description: 'Silence on a serial line after anything that went wrong before it is used again, ms.',
      default: 300,
      minimum: 5,
      maximum: 60_000,
    }),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description:
        'Silence, or a sequence number that stands still, after which the device counts as stale, seconds.',
      default: 10,
      minimum: 1,
      maximum: 86_400,
    }),
  },
  { description: 'A device that is read over Modbus RTU or TCP.', additionalProperties: false },
);
export type ModbusConfig = Static<typeof ModbusConfig>;

/** The profile that a config means, or what is wrong with it. */
export function profileOf(given: unknown): Profile | readonly string[] {
  if (typeof given === 'string') {
    const shipped = profiles.find(({ id }) => id === given);
    return shipped ?? [`there is no profile ${given}: ${profiles.map(({ id }) => id).join(', ')}`];
  }
  const filled: unknown = Value.Default(Profile, Value.Clone(given));
  if (!Value.Check(Profile, filled)) {
    const [error] = Value.Errors(Profile, filled);
    return [`${error?.instancePath ?? ''} ${error?.message ?? 'it does not fit its schema'}`.trim()];
  }
  const problems = profileProblems(filled);
  return problems.length > 0 ? problems : filled;
}

/** What is known of the driver without its code. */
export const modbusAbout = {
  type: 'modbus',
  summary:
    'Readings of scales, gauges, dose-rate meters and analysers, barriers that open and close, and samplers, over Modbus RTU or TCP, by profiles that are data.',
  emits: ['reading'],
  config: ModbusConfig,
  repeats: false,
  pausable: true,
  commands: modbusCommands,
  check(config: Record<string, unknown>) {
    const { path, connect, profile } = config;
    const problems: { path: string; message: string }[] = [];
    if ((path === undefined) === (connect === undefined))
      problems.push({
        path: connect === undefined ? 'path' : 'connect',
        message: 'give either path or connect',
      });
    if (typeof connect === 'string' && !parseAddress(connect))
      problems.push({ path: 'connect', message: `${connect} is no host:port` });
    const read = profileOf(profile);
    if ('id' in read && read.writes && config.device === undefined)
      problems.push({ path: 'device', message: 'a barrier needs a name, by which it is told what to do' });
    if (!('id' in read)) for (const message of read) problems.push({ path: 'profile', message });
    return problems;
  },
} as const satisfies Omit<DriverEntry, 'load'>;
