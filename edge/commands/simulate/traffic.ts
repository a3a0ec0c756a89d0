import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { phoneOf } from '#drivers/jt808/encode';
import { simulators } from '#drivers/simulators';
import type { Message } from '#flows/message';
import { buildNetwork } from '#flows/roads/network';
import { parseIso } from '#flows/stages/time';
import { libraryFolder } from '../../demo/layout.ts';
import { readRoadFile } from '../../roads/read.ts';
import { type TrafficOptions, trafficDefaults } from '../../traffic/options.ts';
import { Traffic } from '../../traffic/traffic.ts';
import { type CommandIo, UsageError, write } from '../command.ts';
import { paced, untilDone } from '../pace.ts';
import { parseCall } from '../parse-call.ts';

/** Lines are written in pieces of about this many characters. */
const pieceChars = 64 * 1024;

const counts = [
  'trucks',
  'ships',
  'gates',
  'convoys',
  'scouts',
  'decoys',
  'substitutions',
  'separations',
  'tampers',
  'detours',
  'spoofs',
  'gaps',
] as const;

const options = {
  roads: { type: 'string' },
  seed: { type: 'string' },
  ...(Object.fromEntries(counts.map((name) => [name, { type: 'string' }])) as {
    readonly [name in (typeof counts)[number]]: { readonly type: 'string' };
  }),
  duration: { type: 'string' },
  interval: { type: 'string' },
  noise: { type: 'string' },
  sealed: { type: 'string' },
  start: { type: 'string' },
  truth: { type: 'string' },
  connect: { type: 'string' },
  speed: { type: 'string' },
} as const;
type Values = { readonly [name in keyof typeof options]?: string | undefined };

function number(
  name: string,
  text: string | undefined,
  otherwise: number,
  [least, most]: readonly [number, number],
) {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not ${text}.`);
  return value;
}

function optionsOf(values: Values): TrafficOptions {
  const d = trafficDefaults;
  const whole = (name: string, text: string | undefined, otherwise: number, least: number, most: number) =>
    Math.round(number(name, text, otherwise, [least, most]));
  const startMs = values.start === undefined ? undefined : parseIso(values.start);
  if (Number.isNaN(startMs)) throw new UsageError('--start is a moment such as 2026-03-01T00:00:00Z.');
  return {
    ...(Object.fromEntries(
      counts.map((name) => [name, whole(name, values[name], d[name], 0, 200_000)]),
    ) as Record<(typeof counts)[number], number>),
    seed: whole('seed', values.seed, d.seed, 0, Number.MAX_SAFE_INTEGER),
    durationSeconds: whole('duration', values.duration, d.durationSeconds, 1, 31_536_000),
    intervalSeconds: whole('interval', values.interval, d.intervalSeconds, 1, 3600),
    noiseM: number('noise', values.noise, d.noiseM, [0, 1000]),
    sealStates: whole('tampers', values.tampers, d.tampers, 0, 200_000) > 0,
    sealed: number('sealed', values.sealed, d.sealed, [0, 1]),
    startMs: startMs ?? (values.connect === undefined ? d.startMs : Math.floor(Date.now() / 1000) * 1000),
  };
}

function* messagesOf(traffic: Traffic): Generator<Message> {
  for (const { message } of traffic.fixes()) yield message;
}

async function print(traffic: Traffic, io: CommandIo): Promise<void> {
  let text = '';
  for (const message of messagesOf(traffic)) {
    text += `${JSON.stringify(message)}\n`;
    if (text.length < pieceChars) continue;
    await write(io.stdout, text);
    text = '';
    if (io.signal.aborted) return;
  }
  await write(io.stdout, text);
}

/** Trackers that call in over JT/T 808, at the distances of their own times. */
async function callIn(traffic: Traffic, connect: string, speed: number, io: CommandIo): Promise<void> {
  const entry = simulators.find(({ type }) => type === 'jt808');
  if (!entry) throw new UsageError('There is no simulator of jt808.');
  async function* each() {
    yield* messagesOf(traffic);
  }
  const timeMs = ({ time }: Message) => (time === undefined ? undefined : parseIso(time));
  const source = paced(each(), timeMs, speed, io.signal);
  const device = await entry.start({
    source,
    place: { connect },
    name: `traffic-${process.pid}`,
    random: Math.random,
  });
  try {
    await untilDone(device.done, io.signal);
  } finally {
    await device.stop();
  }
}

/** Over JT/T 808 trackers go by telephone numbers: then the truth names those beside the names. */
async function tell(traffic: Traffic, file: string, onWire: boolean): Promise<void> {
  const out = createWriteStream(file);
  const phone = (device: string) =>
    phoneOf({ kind: 'event', type: '', quality: 'good', attributes: {}, data: {}, device }, false);
  for (const truth of traffic.truth())
    out.write(`${JSON.stringify(onWire ? { ...truth, phones: truth.objects.map(phone) } : truth)}\n`);
  out.end();
  await finished(out);
}

export const trafficUsage =
  'simulate traffic [--roads FILE] [--seed N] [--trucks N] [--ships N] [--duration SECONDS] [--interval SECONDS] [--noise M] [--sealed SHARE] [--gates N] [--convoys N] [--scouts N] [--decoys N] [--substitutions N] [--separations N] [--tampers N] [--detours N] [--spoofs N] [--gaps N] [--start TIME] [--truth FILE] [--connect HOST:PORT [--speed N]]';

/** `quaywatch simulate traffic`: made-up traffic on any roads, with what was planted in it in a file of its own. */
export async function simulateTraffic(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseCall(() => parseArgs({ args, options }));
  const chosen = optionsOf(values);
  const speed = number('speed', values.speed, 1, [0.001, 10_000]);
  const file = values.roads ?? join(libraryFolder, 'roads.geojson');
  const network = buildNetwork(await readRoadFile(file));
  let traffic: Traffic;
  try {
    traffic = new Traffic(network, chosen);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`Nothing can drive on ${file}: ${error.message}.`);
    throw error;
  }
  if (values.connect === undefined) await print(traffic, io);
  else await callIn(traffic, values.connect, speed, io);
  if (values.truth !== undefined) await tell(traffic, values.truth, values.connect !== undefined);
  return 0;
}
