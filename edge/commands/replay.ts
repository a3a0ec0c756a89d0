import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Command, UsageError, write } from './command.ts';
import { choosePlace, placeOptions, placeUsage, simulatorConfig } from './device-place.ts';
import { paced, pause, untilDone } from './pace.ts';
import { parseCall } from './parse-call.ts';
import { readRecording } from './recording.ts';
import { byLink, delayed, dropFiles, plainBytes, type Strand } from './replayed.ts';

const options = { ...placeOptions, speed: { type: 'string' }, wait: { type: 'string' } } as const;

/** Whether a wire is named; else the bytes go to standard output. */
const speaks = (values: Partial<Record<keyof typeof placeOptions, unknown>>): boolean =>
  (Object.keys(placeOptions) as (keyof typeof placeOptions)[]).some((name) => values[name] !== undefined);

function amount(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value >= 0)) throw new UsageError(`--${name} is no number from 0.`);
  return value;
}

/** `quaywatch replay`: says a recording again, on a real wire, or as bytes on standard output. */
export const command: Command = {
  name: 'replay',
  summary: 'Says again what record wrote down.',
  usage: `replay FILE [${placeUsage}] [--speed N] [--wait SECONDS]`,
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, options, allowPositionals: true }));
    const file = positionals[0];
    if (file === undefined) throw new UsageError('Name a recording, or - for standard input.');
    const speed = amount('speed', values.speed, 1);
    const waitMs = amount('wait', values.wait, 0) * 1000;
    const recording = await readRecording(file === '-' ? io.stdin : createReadStream(file), io.signal);
    const items = paced(recording.items, (item) => item.atMs, speed, io.signal);
    if (!speaks(values)) {
      for await (const bytes of plainBytes(items)) await write(io.stdout, bytes);
      return 0;
    }
    const { entry, place } = choosePlace(recording.driver, values);
    const { folder } = place;
    if (folder === '') throw new UsageError('Name the folder.');
    if (folder !== undefined) {
      await pause(waitMs, io.signal);
      await dropFiles(items, folder);
      return 0;
    }
    const config = simulatorConfig(entry, recording.config);
    async function say(strand: Strand): Promise<void> {
      const source = delayed(strand.pieces, waitMs, io.signal);
      const name = `replay-${process.pid}`;
      const device = await entry.start({ source, place, name, config, random: Math.random });
      io.stderr.write(`Replaying as ${recording.driver}: ${JSON.stringify(device.config)}\n`);
      try {
        await untilDone(device.done, io.signal);
      } finally {
        await device.stop();
      }
    }
    await byLink(items, say);
    return 0;
  },
};
