import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Simulator } from '#drivers/simulator';
import type { Message } from '#flows/message';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { choosePlace, placeOptions, placeUsage, toldConfig } from './device-place.ts';
import { invented } from './invented.ts';
import { lines } from './lines.ts';
import { paced, pause, throttled, untilDone } from './pace.ts';
import { parseCall } from './parse-call.ts';
import { scanOptions, scanSource, scanUsage } from './scan-source.ts';
import { simulateTraffic, trafficUsage } from './simulate/traffic.ts';
import { wholeSource } from './whole-source.ts';

const options = {
  ...placeOptions,
  ...scanOptions,
  input: { type: 'string' },
  lines: { type: 'boolean' },
  device: { type: 'string' },
  rate: { type: 'string' },
  speed: { type: 'string' },
  fault: { type: 'string', multiple: true },
  wait: { type: 'string' },
  config: { type: 'string' },
} as const;

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!(Number(text) > 0)) throw new UsageError(`--${name} is no positive number.`);
  return Number(text);
}

/** Messages of a file, a line each. */
async function* messagesOf(file: string, device: string | undefined, io: CommandIo): AsyncGenerator<Message> {
  let number = 0;
  for await (const line of lines(file === '-' ? io.stdin : createReadStream(file), io.signal)) {
    number++;
    if (line.length === 0) continue;
    let message: Message;
    try {
      message = JSON.parse(line.toString('utf8')) as Message;
    } catch {
      throw new UsageError(`Line ${number} of ${file} is no JSON.`);
    }
    if (typeof message?.kind !== 'string') throw new UsageError(`Line ${number} of ${file} is no message.`);
    yield device === undefined ? message : { ...message, device };
  }
}

/** Lines of a receiver's log, with their line breaks. */
async function* linesOf(file: string, io: CommandIo): AsyncGenerator<Uint8Array> {
  const end = Buffer.from('\n');
  for await (const line of lines(file === '-' ? io.stdin : createReadStream(file), io.signal))
    yield Buffer.concat([line, end]);
}

/** `NAME on` and `NAME off`, a line each, switch faults while the device runs. */
async function takeOrders(device: Simulator, io: CommandIo): Promise<void> {
  for await (const line of lines(io.stdin, io.signal)) {
    const [name, state] = line.toString('utf8').trim().split(/\s+/);
    if (!name) continue;
    try {
      device.fault(name, state !== 'off');
      io.stderr.write(`${name} ${state === 'off' ? 'off' : 'on'}\n`);
    } catch (error) {
      io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

/** `quaywatch simulate`: a device on a real wire, with faults that can be switched on and off. */
export const command: Command = {
  name: 'simulate',
  summary: 'A simulated device on a real wire, with faults that lines on standard input switch.',
  usage: `simulate DRIVER ${placeUsage} [--input FILE [--lines]] [--device ID] [--rate N|--speed N] [--fault NAME]… [--wait SECONDS] [--config JSON] ${scanUsage} | ${trafficUsage}`,
  async run(args, io) {
    if (args[0] === 'traffic') return await simulateTraffic(args.slice(1), io);
    const { values, positionals } = parseCall(() => parseArgs({ args, options, allowPositionals: true }));
    const { entry, place } = choosePlace(positionals[0], values);
    const rate = positive('rate', values.rate);
    const speed = positive('speed', values.speed);
    const wait = positive('wait', values.wait) ?? 0;
    for (const fault of values.fault ?? [])
      if (!entry.faults.includes(fault))
        throw new UsageError(`${entry.type} has no fault ${fault}: ${entry.faults.join(', ')}.`);
    const { input, device: id } = values;
    const config = toldConfig(entry, values.config);
    const pixelSource = () => {
      if (entry.example) return wholeSource(entry.example, input, rate ?? 1, io);
      return entry.says === 'frame' ? scanSource(values, speed ?? 1, io) : undefined;
    };
    const scans = pixelSource();
    async function* source(): AsyncGenerator<Message | Uint8Array> {
      await pause(wait * 1000, io.signal);
      if (scans) {
        yield* scans;
        return;
      }
      const own = input === undefined ? invented(entry.says, id ?? 'simulated', io.signal) : undefined;
      if (own) yield* throttled(own, rate ?? 1, io.signal);
      else if (input === undefined) return;
      else if (values.lines) yield* throttled(linesOf(input, io), rate ?? 10, io.signal);
      else if (speed !== undefined)
        yield* paced(
          messagesOf(input, id, io),
          (message) => (message.time === undefined ? undefined : Date.parse(message.time)),
          speed,
          io.signal,
        );
      else yield* throttled(messagesOf(input, id, io), rate ?? 1, io.signal);
    }
    const device = await entry.start({
      source: source(),
      place,
      name: `simulate-${process.pid}`,
      config,
      random: Math.random,
    });
    for (const fault of values.fault ?? []) device.fault(fault, true);
    io.stderr.write(`Simulating ${entry.type}: ${JSON.stringify(device.config)}\n`);
    if (input !== '-') void takeOrders(device, io).catch(() => undefined);
    try {
      await untilDone(device.done, io.signal);
    } finally {
      await device.stop();
      io.stdin.destroy();
    }
    return 0;
  },
};
