import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Kind, Message, MessageOf } from '#flows/message';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { freePort } from '#test/support/free-port';
import { isMessage } from '#test/support/message-check';
import { type Mosquitto, mosquitto } from '#test/support/mosquitto';
import { linesOf, owner, pulsesPerSecond, sceneOf } from '#test/support/scan-lines';
import { until } from '#test/support/until';
import { checkConfig } from './config.ts';
import type { DriverEntry } from './driver.ts';
import { recordsOf } from './linescan/encode.ts';
import { at } from './linescan/frame.ts';
import { drivers } from './registry.ts';
import type { Simulator, Source } from './simulator.ts';
import { type SimulatorEntry, simulators } from './simulators.ts';

/** Every driver beside its simulator on every wire that it has: what is said through all faults is true. */

beforeAll(builtSerialHost, buildLimitMs);

const common = () => ({
  device: 'sim/one',
  time: new Date().toISOString(),
  quality: 'good' as const,
  attributes: {},
});

/** What a device is given to say, a kind of message each, with the number of its turn somewhere in it. */
const said: { readonly [K in Kind]?: (turn: number) => MessageOf<K> } = {
  position: (turn) => ({ kind: 'position', ...common(), lon: turn / 1000, lat: 51.95, fix: true }),
  passage: (turn) => ({
    kind: 'passage',
    ...common(),
    object: `TRUCK${turn}`,
    point: 'gate',
    confidence: 0.5,
  }),
  reading: (turn) => ({ kind: 'reading', ...common(), name: 'massFlow', value: turn, unit: 't/h' }),
  spectrum: (turn) => ({
    kind: 'spectrum',
    ...common(),
    technique: 'gamma',
    axis: { unit: 'keV', start: 0, step: 3 },
    values: [turn, 0, 0, 0, 7, turn],
    liveTimeS: 0.1,
  }),
};

/** What a device is given to say that does not know what others of its kind are given. */
const saidTo: Readonly<Record<string, (turn: number) => Message>> = {
  radpro: (turn) => ({
    kind: 'reading',
    ...common(),
    name: 'countRate',
    value: 6000 + (turn % 1000),
    unit: '{counts}/min',
  }),
};

/** What a fault may change in a message that comes through. */
const changes: Readonly<Record<string, readonly ('value' | 'time')[]>> = {
  frozen: ['value'],
  clockOff: ['time'],
};

/** What of a message must be as it was said whatever happens on the wire; undefined: it is of no kind that is said. */
const truths: { readonly [K in Kind]?: (message: MessageOf<K>) => boolean } = {
  position: ({ lon, lat }) => lat === 51.95 && Math.abs(lon * 1000 - Math.round(lon * 1000)) < 1e-3,
  passage: ({ object, point, confidence }) =>
    /^TRUCK\d+$/.test(object) && point === 'gate' && confidence === 0.5,
  reading: (reading) => isTrueReading(reading),
  spectrum: ({ values }) =>
    values.length === 6 && values[0] === values[5] && values[4] === 7 && values[1] === 0,
};

/** Each value is of a size that no other has: an answer that is taken for another shows. */
function isTrueReading({ name, value, unit }: MessageOf<'reading'>): boolean {
  if (name === 'countRate')
    return unit === '{counts}/min' && value >= 6000 && value < 7000 && value % 1 === 0;
  if (name === 'doseRate') return unit === 'uSv/h' && value > 39 && value < 45.6;
  if (name === 'pulseCount') return unit === '{counts}' && value >= 5e7 && value < 6e7;
  if (name === 'massFlow') return Number.isInteger(value);
  return name !== 'batteryVoltage' || (unit === 'V' && value === 1.421);
}

const isTrue = (message: Message): boolean => {
  const holds = truths[message.kind] as ((message: Message) => boolean) | undefined;
  return holds === undefined || holds(message);
};

async function* turns({ type, says }: SimulatorEntry, signal: AbortSignal): AsyncGenerator<Message> {
  const say = saidTo[type] ?? said[says];
  if (!say) throw new Error(`Nothing is given to say as ${says}.`);
  for (let turn = 1; !signal.aborted; turn++) {
    yield say(turn);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Scans on end, in time as a scanner gives them. */
async function* scanning(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let scan = 1; !signal.aborted; scan++) {
    const startNs = BigInt(Date.now()) * 1_000_000n;
    const scene = sceneOf({
      speedMps: 1.6,
      lengthMm: 2400,
      darkLines: 32,
      airLines: 32,
      seed: scan,
      startNs,
    });
    const started = performance.now();
    for await (const record of recordsOf(linesOf(scene), owner.scanner, Math.random)) {
      yield record;
      const due = (record.readUInt32LE(at.line) * 1000) / pulsesPerSecond;
      const early = due - (performance.now() - started);
      if (early > 5) await new Promise((done) => setTimeout(done, early));
      if (signal.aborted) return;
    }
  }
}

/** What a simulator makes up by itself, ten a second. */
async function* examples(
  make: (turn: number, now: number) => Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let turn = 1; !signal.aborted; turn++) {
    yield make(turn, Date.now());
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function sourceOf(entry: SimulatorEntry, signal: AbortSignal): Promise<Source> {
  if (entry.example) return examples(await entry.example(), signal);
  return entry.says === 'frame' ? scanning(signal) : turns(entry, signal);
}

const wires = simulators.flatMap((entry) => entry.places.map((place) => [entry.type, place, entry] as const));

describe.concurrent('on a real wire', () => {
  test.each(wires)(
    '%s is heard over %s through every fault and after it',
    async (type, place, entry) => {
      const broker = place === 'url' ? await mosquitto() : undefined;
      const stop = new AbortController();
      const device = await start(entry, place, broker, stop.signal);
      const world = new DeviceWorld({ timing: { firstMs: 50, capMs: 200 } });
      const registered = drivers.find((driver) => driver.type === type) as DriverEntry;
      const checked = checkConfig(registered, { ...device.config, staleAfterSeconds: 1 });
      if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
      const session = (await registered.load()).open(checked.config, world.environment);
      session.start();
      const heard = async (what: string, count = 3) => {
        const from = world.messages.length;
        await until(what, () => world.messages.length >= from + count, 30_000);
      };
      try {
        await heard('it is heard');
        for (const fault of entry.faults) {
          device.fault(fault, true);
          const from = world.messages.length;
          await new Promise((done) => setTimeout(done, 400));
          device.fault(fault, false);
          await heard(`it is heard after ${fault}`);
          const now = Date.now();
          for (const message of world.messages.slice(from)) {
            expect(isMessage(message)).toBe(true);
            if (!changes[fault]?.includes('value')) expect([fault, message, isTrue(message)][2]).toBe(true);
            if (changes[fault]?.includes('time') || message.time === undefined) continue;
            expect(Math.abs(now - Date.parse(message.time))).toBeLessThan(120_000);
          }
        }
        expect(session.health().state).toBe('live');
        expect(world.messages.some(({ kind }) => kind === entry.says)).toBe(true);
      } finally {
        stop.abort();
        await session.stop();
        await device.stop();
        await broker?.stop();
      }
      expect(session.health().state).toBe('stopped');
    },
    90_000,
  );

  test.each(simulators.map((entry) => [entry.type, entry] as const))(
    'the simulator of %s has the faults that its list has',
    async (type, entry) => {
      const module = (await import(`./${type}/simulator.ts`)) as Record<string, unknown>;
      const own = Object.entries(module).find(([name]) => name.endsWith('Faults'));
      expect(own?.[1]).toEqual(entry.faults);
    },
  );
});

async function start(
  entry: SimulatorEntry,
  place: SimulatorEntry['places'][number],
  broker: Mosquitto | undefined,
  signal: AbortSignal,
): Promise<Simulator> {
  const connect = place === 'connect' ? `127.0.0.1:${await freePort()}` : '';
  const udp = place === 'udp' ? `127.0.0.1:${await freePort()}` : '';
  const folder = place === 'folder' ? mkdtempSync(join(tmpdir(), 'wire-')) : '';
  const where = { pty: '', listen: '127.0.0.1:0', connect, udp, folder, url: broker?.url ?? '' };
  return entry.start({
    source: await sourceOf(entry, signal),
    place: { [place]: where[place] },
    name: `simulated-${entry.type}`,
    random: Math.random,
  });
}
