import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, type onTestFinished, test } from 'vitest';
import type { SimulatorEntry } from '#drivers/simulators';
import { simulators } from '#drivers/simulators';
import { command as decode } from '#edge/commands/decode';
import { command as record } from '#edge/commands/record';
import { command as replay } from '#edge/commands/replay';
import { command as simulate } from '#edge/commands/simulate';
import type { Message } from '#flows/message';
import { isBound } from '#test/support/bound';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { freePort } from '#test/support/free-port';
import { mosquitto } from '#test/support/mosquitto';
import { runCommand, stillStanding } from '#test/support/running-command';
import { until } from '#test/support/until';

/**
 * Every driver on every wire that it has: what was recorded of a simulated device is decoded from the recording, said
 * again on such a wire, recorded once more, and gives the same messages. What a camera shows again is coded anew: its
 * pictures are held to their size.
 */

beforeAll(builtSerialHost, buildLimitMs);
const root = mkdtempSync(join(tmpdir(), 'quaywatch-replay-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Place = SimulatorEntry['places'][number];
type Finished = typeof onTestFinished;
const waitMs = 120_000;

/** What the simulated device says where it can make nothing up, and what its driver must be told. */
const linescan = resolve(import.meta.dirname, '../../drivers/linescan/frames/steps');
const given: Readonly<Record<string, { readonly args: readonly string[]; readonly config: object }>> = {
  linescan: {
    args: ['--input', `${linescan}.bin`],
    config: JSON.parse(readFileSync(`${linescan}.json`, 'utf8')) as object,
  },
  camera: { args: [], config: { maxWidth: 80, maxHeight: 60 } },
  modbus: { args: [], config: { pollSeconds: 0.1 } },
  radpro: { args: [], config: { pollSeconds: 0.2 } },
};
/** Pieces that make a recording. */
const enough: Readonly<Record<string, number>> = { linescan: 0, camera: 40 };
/** Devices that are polled say again what they said, not as often as they did. */
const approximate = ['modbus', 'radpro'];
/** Two devices at once, each on a connection of its own. */
const pairs = ['gt06', 'jt701', 'jt808', 'teltonika'];

async function placeOf(place: Place, folder: string, finished: Finished): Promise<string> {
  if (place === 'pty') return '';
  if (place === 'listen') return '127.0.0.1:0';
  if (place === 'connect' || place === 'udp') return `127.0.0.1:${await freePort()}`;
  if (place === 'folder') {
    mkdirSync(folder);
    return folder;
  }
  const broker = await mosquitto();
  finished(() => broker.stop());
  return broker.url;
}

/** The driver's config that a command which speaks as a device tells of. */
async function toldBy(device: ReturnType<typeof runCommand>): Promise<object> {
  await until('it says where it is', () => /: \{.*\}\n/.test(device.err()), waitMs);
  return JSON.parse(/: (\{.*\})\n/.exec(device.err())?.[1] ?? '') as object;
}

const parsed = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
/** Bytes of a device that are in a recording so far, and in how many pieces. */
function recorded(file: string): { readonly pieces: number; readonly bytes: number } {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(1, -1) : [];
  const lengths = lines.map((line) => Buffer.byteLength(/"bytes":"([^"]*)"/.exec(line)?.[1] ?? '', 'base64'));
  const pieces = lengths.filter((length) => length > 0);
  return { pieces: pieces.length, bytes: pieces.reduce((sum, length) => sum + length, 0) };
}

/** As `until`, at a pace that leaves the time to what is waited for. */
async function untilRecorded(
  what: string,
  file: string,
  enough: (so: ReturnType<typeof recorded>) => boolean,
): Promise<void> {
  const end = performance.now() + waitMs;
  while (!enough(recorded(file))) {
    if (performance.now() > end)
      throw new Error(`It did not come about: ${what}: ${JSON.stringify(recorded(file))}.`);
    await sleep(300);
  }
}

function recorder(type: string, config: object, file: string) {
  const running = runCommand(record, [type, '--config', JSON.stringify(config), '--output', file]);
  return async () => {
    running.stop();
    expect([await running.code, running.err()]).toEqual([0, expect.stringMatching(/bytes\.\n$/)]);
  };
}

/** What `decode` makes of a recording, with the config that it carries. */
async function messagesOf(type: string, file: string): Promise<Message[]> {
  const decoding = runCommand(decode, [type, '--recording'], readFileSync(file));
  await decoding.code;
  return parsed(decoding.out()) as unknown as Message[];
}

const inOrder = (messages: readonly Message[]) => messages.map((message) => JSON.stringify(message)).sort();
const kinds = (messages: readonly Message[]) => [
  ...new Set(messages.map((message) => `${message.kind} ${'name' in message ? message.name : ''}`)),
];

const sizes = (messages: readonly Message[]) =>
  messages.map((message) =>
    message.kind === 'frame' ? `${message.width} × ${message.height}` : message.kind,
  );

const wires = simulators.flatMap((entry) => entry.places.map((place) => [entry.type, place] as const));

describe.concurrent('recorded and said again', () => {
  test.for(wires)('%s over %s', { timeout: 600_000 }, async ([type, place], { onTestFinished: finished }) => {
    const folder = join(root, `${type}-${place}`);
    mkdirSync(folder);
    const { args = [], config = {} } = given[type] ?? {};
    const at = await placeOf(place, join(folder, 'first'), finished);
    const devices = (pairs.includes(type) ? ['359881234567890', '359881234567891'] : [undefined]).map((id) =>
      runCommand(simulate, [
        type,
        `--${place}`,
        at,
        ...(type === 'linescan' ? ['--wait', '5'] : ['--rate', '10']),
        ...(id === undefined ? [] : ['--device', id]),
        ...args,
      ]),
    );
    for (const device of devices) finished(device.stop);
    const [first] = await Promise.all(devices.map(toldBy));
    const file = join(folder, 'first.ndjson');
    const stop = recorder(type, { ...first, ...config }, file);
    await untilRecorded('something is recorded', file, ({ pieces }) => pieces > (enough[type] ?? 5));
    if (type === 'linescan') await stillStanding(file);
    for (const device of devices) device.stop();
    await Promise.all(devices.map(({ code }) => code));
    // A file that was not read to its end is none, for whoever says it again.
    if (place === 'folder')
      await until(
        'all files are read',
        () => readdirSync(at, { withFileTypes: true }).every((entry) => entry.isDirectory()),
        waitMs,
      );
    await stop();
    const said = await messagesOf(type, file);
    expect(said.length).toBeGreaterThan(1);

    const again = await placeOf(place, join(folder, 'second'), finished);
    const second = join(folder, 'second.ndjson');
    let stopSecond: (() => Promise<void>) | undefined;
    // Who calls in, sends datagrams or drops files waits for nobody: somebody has to listen first.
    const before = { connect: 'listen', udp: 'udp', folder: 'folder' } as const;
    if (place in before) {
      const field = before[place as keyof typeof before];
      stopSecond = recorder(type, { ...first, ...config, [field]: again }, second);
      const kind = place === 'udp' ? 'udp' : 'tcp';
      const port = Number(again.split(':').at(-1));
      if (place === 'folder') await sleep(1000);
      else await until('somebody listens', () => isBound(kind, port), waitMs);
    }
    const replaying = runCommand(replay, [
      file,
      `--${place}`,
      again,
      '--speed',
      approximate.includes(type) || type === 'camera' ? '1' : '0',
      '--wait',
      // Who looks at a camera starts a decoder first, which takes its time on a busy machine.
      stopSecond ? '0' : place === 'pty' || type === 'camera' ? '12' : '4',
    ]);
    finished(replaying.stop);
    stopSecond ??= recorder(type, { ...(await toldBy(replaying)), ...config }, second);
    if (!approximate.includes(type))
      expect([await replaying.code, replaying.err()]).toEqual([0, expect.any(String)]);
    const { bytes: whole } = recorded(file);
    await untilRecorded('it is heard', second, ({ pieces, bytes }) => {
      if (type === 'camera') return pieces > 5; // a camera shows them once: who looks late misses some
      return approximate.includes(type) ? pieces > 10 : bytes >= whole;
    });
    await stopSecond();
    replaying.stop();
    const heard = await messagesOf(type, second);
    if (approximate.includes(type)) expect(kinds(heard)).toEqual(kinds(said));
    else if (type === 'camera') expect([...new Set(sizes(heard))]).toEqual([...new Set(sizes(said))]);
    else expect(inOrder(heard)).toEqual(inOrder(said));
  });
});
