import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { DriverEnvironment } from '#drivers/driver';
import { PlainScans } from '#drivers/transport/plain-scans';
import { type Command, type CommandIo, UsageError, write } from './command.ts';
import { chooseDriver } from './driver-args.ts';
import { parseCall } from './parse-call.ts';
import { headLine, recordLine } from './recording.ts';

const options = {
  config: { type: 'string' },
  output: { type: 'string' },
  seconds: { type: 'string' },
  raw: { type: 'boolean' },
} as const;

/** A box's surroundings for a driver that is only listened to: nothing is kept, everything is committed. */
function listening(
  driver: string,
  wire: NonNullable<DriverEnvironment['wire']>,
  io: CommandIo,
): DriverEnvironment {
  let detail: string | undefined;
  return {
    node: `record/${driver}`,
    box: `record-${process.pid}`,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: Math.random,
    scans: new PlainScans(),
    secret: (name) => process.env[`QUAYWATCH_SECRET_${name.toUpperCase().replaceAll('-', '_')}`],
    wire,
    sink: {
      open: true,
      onCredit: () => undefined,
      push: (_message, committed) => committed?.(),
      reject: (_problem, _bytes, committed) => committed?.(),
      gap: ({ from, to, reason }) => io.stderr.write(`Nothing from ${from} to ${to}: ${reason}\n`),
    },
    onHealth: (health) => {
      if (health.detail !== detail && health.detail !== undefined) io.stderr.write(`${health.detail}\n`);
      detail = health.detail;
    },
  };
}

/** `quaywatch record`: writes down what a device says, as bytes with times, until it is stopped. */
export const command: Command = {
  name: 'record',
  summary: 'What a device says, as bytes with times.',
  usage: 'record DRIVER --config JSON [--output FILE] [--seconds N] [--raw]',
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, options, allowPositionals: true }));
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    if (seconds !== undefined && !(seconds > 0)) throw new UsageError('--seconds is no positive number.');
    const { driver, config } = await chooseDriver(positionals[0], { config: values.config });
    const output =
      values.output === undefined ? io.stdout : createWriteStream(values.output, { flags: 'wx' });
    // At QoS 0 no session stays behind at the broker.
    const quiet = driver.config.properties.qos === undefined ? config : { ...config, qos: 0 };

    let last: Promise<void> = Promise.resolve();
    let bytesSeen = 0;
    let over = false;
    const put = (text: string | Uint8Array) => {
      // What ends with the session has ended: a link tells so a little later.
      if (over) return;
      last = last.then(() => write(output, text));
    };
    if (!values.raw) put(headLine(driver.type, new Date().toISOString(), config));
    const session = driver.open(
      quiet,
      listening(
        driver.type,
        (bytes, origin) => {
          bytesSeen += bytes.length;
          // A view of a buffer that is used again: what is written later must be a copy.
          put(values.raw ? Uint8Array.from(bytes) : recordLine(new Date().toISOString(), bytes, origin));
        },
        io,
      ),
    );
    const failed = new Promise<never>((_, reject) => output.once('error', reject));
    session.start();
    try {
      const limit = seconds === undefined ? 2 ** 31 - 1 : seconds * 1000;
      await Promise.race([sleep(limit, undefined, { signal: io.signal }).catch(() => undefined), failed]);
    } finally {
      await session.stop();
      over = true;
      await last;
    }
    if (output !== io.stdout) await new Promise<void>((resolve) => output.end(resolve));
    io.stderr.write(`${bytesSeen} bytes.\n`);
    return bytesSeen > 0 ? 0 : 1;
  },
};
