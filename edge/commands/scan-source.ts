import { createReadStream } from 'node:fs';
import { decodeLine } from '#drivers/linescan/decode';
import { recordsOf } from '#drivers/linescan/encode';
import { at, lineFramer } from '#drivers/linescan/frame';
import { rawLines } from '#models/physics/xray/raw-lines';
import { type ScannerProfile, scanners } from '#models/physics/xray/scanner';
import { drawScene, type SceneOptions } from '#models/physics/xray/scene-spec';
import { type CommandIo, UsageError } from './command.ts';
import { paced, pause } from './pace.ts';

/** Time between two trucks. */
const betweenMs = 3000;
/** Identity of the simulated scanner on the wire. */
const simulatedScanner = '00000000000051a1';

const loads: Readonly<Record<string, SceneOptions>> = {
  any: {},
  cargo: { empty: 0, small: 0 },
  empty: { empty: 1 },
  small: { empty: 0, small: 1 },
};

export const scanOptions = {
  seed: { type: 'string' },
  scanner: { type: 'string' },
  load: { type: 'string' },
} as const;

export const scanUsage = `[--seed N] [--scanner ${Object.keys(scanners).join('|')}] [--load ${Object.keys(loads).join('|')}]`;

const timeMs = (record: Buffer): number => Number(record.readBigUInt64LE(at.time) / 1000n) / 1000;

/** Records of a file that a scanner's bytes were written into. */
async function* recordsIn(file: string, io: CommandIo): AsyncGenerator<Buffer> {
  const framer = lineFramer();
  for await (const bytes of file === '-' ? io.stdin : createReadStream(file)) {
    if (io.signal.aborted) return;
    for (const framed of framer.push(bytes as Buffer))
      if ('frame' in framed && framed.frame instanceof Uint8Array && 'parts' in decodeLine(framed.frame))
        yield Buffer.from(framed.frame);
  }
}

/** Trucks on end through a scanner of the physics, each other than the one before; the same for the same seed. */
async function* trucks(
  profile: ScannerProfile,
  options: SceneOptions,
  seed: number,
  io: CommandIo,
): AsyncGenerator<AsyncGenerator<Buffer>> {
  for (let truck = seed; !io.signal.aborted; truck++) {
    const startNs = BigInt(Date.now()) * 1_000_000n;
    const lines = rawLines({ seed: truck, scanner: profile, scene: drawScene(truck, options), startNs });
    yield recordsOf(lines, simulatedScanner, Math.random);
    await pause(betweenMs, io.signal);
  }
}

/** What a simulated scanner says, at the times of its lines, `speed` times as fast. Throws UsageError. */
export function scanSource(
  values: {
    readonly [name in keyof typeof scanOptions | 'input']?: string | undefined;
  },
  speed: number,
  io: CommandIo,
): AsyncGenerator<Buffer> {
  const profile = Object.entries(scanners).find(([id]) => id === (values.scanner ?? 'g1'))?.[1];
  if (!profile)
    throw new UsageError(`There is no scanner ${values.scanner}: ${Object.keys(scanners).join(', ')}.`);
  const options = loads[values.load ?? 'any'];
  if (!options) throw new UsageError(`There is no load ${values.load}: ${Object.keys(loads).join(', ')}.`);
  const seed = Number(values.seed ?? 1);
  if (!Number.isSafeInteger(seed)) throw new UsageError('--seed is no whole number.');
  const { input } = values;
  return (async function* () {
    if (input !== undefined) yield* paced(recordsIn(input, io), timeMs, speed, io.signal);
    else
      for await (const truck of trucks(profile, options, seed, io))
        yield* paced(truck, timeMs, speed, io.signal);
  })();
}
