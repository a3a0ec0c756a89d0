import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAll } from '#test/support/decode-all';
import { isMessage } from '#test/support/message-check';
import { checkConfig } from './config.ts';
import type { Codec, DriverEntry, Framed } from './driver.ts';
import { drivers } from './registry.ts';
import { simulators } from './simulators.ts';

/** Every driver keeps to these, and a new one is held to them by being in the registry. */

const framesOf = (type: string): { name: string; bytes: Buffer; expected: unknown[]; config: unknown }[] => {
  const folder = join(import.meta.dirname, type, 'frames');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => !/\.(json|ndjson)$/.test(file))
    .map((file) => {
      const base = join(folder, file.replace(/\.\w+$/, ''));
      const expected = readFileSync(`${base}.ndjson`, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
      const config: unknown = existsSync(`${base}.json`)
        ? JSON.parse(readFileSync(`${base}.json`, 'utf8'))
        : {};
      return { name: file, bytes: readFileSync(join(folder, file)), expected, config };
    });
};

async function codecOf(entry: DriverEntry, given: unknown): Promise<Codec> {
  const checked = checkConfig(entry, given, true);
  const driver = await entry.load();
  if ('problems' in checked || !driver.codec) throw new Error(JSON.stringify(checked));
  return driver.codec(checked.config);
}

function* pieces(bytes: Uint8Array, points: readonly number[]): Generator<Uint8Array> {
  const at = [0, ...points.map((point) => point % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i]);
}

/** Of buffers, what is left is held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

const hasFrame = (framed: readonly Framed<unknown>[]) => framed.some((each) => 'frame' in each);

/** What a device may say again and again: all of a recording, and each frame of it that needs none before it. */
function sayings(codec: Codec, bytes: Uint8Array): Uint8Array[] {
  const framer = codec.framer();
  const each: Uint8Array[] = [bytes];
  let from = 0;
  bytes.forEach((_, at) => {
    if (!hasFrame(framer.push(bytes.subarray(at, at + 1)))) return;
    each.push(bytes.subarray(from, at + 1));
    from = at + 1;
  });
  return each.slice(0, 12).filter((said) => {
    const again = codec.framer();
    return hasFrame(again.push(said)) && hasFrame(again.push(said));
  });
}

test('there is a simulator for every driver, with the faults that it has', () => {
  expect(simulators.map(({ type }) => type)).toEqual(drivers.map(({ type }) => type));
});

describe.each(drivers.map((entry) => [entry.type, entry] as const))('%s', (type, entry) => {
  const frames = framesOf(type);

  test('has a device and a datum in its config, and says of itself what its entry says', async () => {
    expect(Object.keys(entry.config.properties)).toEqual(
      expect.arrayContaining(['device', 'datum', 'staleAfterSeconds']),
    );
    const driver = await entry.load();
    expect([driver.type, driver.config, driver.repeats, driver.pausable]).toEqual([
      entry.type,
      entry.config,
      entry.repeats,
      entry.pausable,
    ]);
  });

  test('has frames', () => expect(frames.length).toBeGreaterThan(0));

  test.each(frames.map((frame) => [frame.name, frame] as const))(
    '%s gives what was worked out by hand',
    async (_, frame) => {
      const { messages } = decodeAll(await codecOf(entry, frame.config), [frame.bytes]);
      expect(JSON.parse(JSON.stringify(messages))).toEqual(frame.expected);
      expect(messages.filter((message) => !isMessage(message))).toEqual([]);
      expect(messages.filter(({ kind }) => !entry.emits.includes(kind))).toEqual([]);
    },
  );

  test.each(frames.map((frame) => [frame.name, frame] as const))(
    '%s gives the same however it is cut',
    async (_, frame) => {
      const codec = await codecOf(entry, frame.config);
      const whole = decodeAll(codec, [frame.bytes]);
      fc.assert(
        fc.property(fc.array(fc.nat(), { maxLength: 30 }), (points) => {
          expect(decodeAll(codec, pieces(frame.bytes, points))).toEqual(whole);
        }),
        { numRuns: 50 },
      );
    },
  );

  test('spoiled bytes give messages that are messages, or problems, and never a throw', async () => {
    for (const frame of frames) {
      const codec = await codecOf(entry, frame.config);
      const spoil = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 30 });
      fc.assert(
        fc.property(spoil, fc.uint8Array({ maxLength: 300 }), (changes, noise) => {
          const bytes = Buffer.from(frame.bytes);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const { messages } = decodeAll(codec, [bytes, noise, bytes.subarray(0, bytes.length / 2)]);
          expect(messages.filter((message) => !isMessage(message))).toEqual([]);
        }),
        { numRuns: 100 },
      );
    }
  });

  // A device that is not answered says the same again. Files and datagrams begin anew, whatever came before.
  const places = simulators.find((simulator) => simulator.type === type)?.places ?? [];
  const streams = places.some((place) => ['connect', 'listen', 'pty'].includes(place));
  test('a frame that was cut off is followed by the same again and again: it is found', async () => {
    for (const frame of streams ? frames : []) {
      const codec = await codecOf(entry, frame.config);
      for (const bytes of sayings(codec, frame.bytes)) {
        const step = Math.ceil(bytes.length / 100);
        for (let length = 1; length < bytes.length; length += step) {
          const framer = codec.framer();
          framer.push(bytes.subarray(0, length));
          let found = false;
          for (let said = 0; said < 2 * codec.maxFrameBytes && !found; said += bytes.length)
            found = hasFrame(framer.push(bytes));
          expect([frame.name, length, found]).toEqual([frame.name, length, true]);
        }
      }
    }
  });

  test('an endless frame is not held', async () => {
    const codec = await codecOf(entry, frames[0]?.config ?? {});
    const framer = codec.framer();
    const piece = Buffer.alloc(65_536, 0x24 ^ 0x5a); // no byte that begins or ends anything
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let outputs = 0;
    for (let i = 0; i < 512; i++) outputs += framer.push(piece).length;
    // what was collected is given back by another thread, when it comes to it
    const grown = () => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers - before;
    };
    await expect.poll(grown, { timeout: 30_000 }).toBeLessThan(8 * codec.maxFrameBytes + 4_000_000);
    expect(outputs).toBeLessThan((512 * 65_536) / codec.maxFrameBytes + 1);
  });
});
