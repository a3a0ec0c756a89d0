import { createReadStream } from 'node:fs';
import type { SimulatorEntry } from '#drivers/simulators';
import type { CommandIo } from './command.ts';
import { throttled } from './pace.ts';

/** A file as it is: what is in it is said whole. */
async function* inFile(file: string, io: CommandIo): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file === '-' ? io.stdin : createReadStream(file))
    pieces.push(piece as Uint8Array);
  yield Buffer.concat(pieces);
}

/** What a simulator makes up by itself, until it is stopped. */
async function* madeUp(
  example: NonNullable<SimulatorEntry['example']>,
  io: CommandIo,
): AsyncGenerator<Uint8Array> {
  const make = await example();
  for (let turn = 1; !io.signal.aborted; turn++) yield make(turn, Date.now());
}

/** What a device that says whole files or pictures is given to say: a file, or what its simulator makes up. */
export const wholeSource = (
  example: NonNullable<SimulatorEntry['example']>,
  input: string | undefined,
  perSecond: number,
  io: CommandIo,
): AsyncGenerator<Uint8Array> =>
  throttled(input === undefined ? madeUp(example, io) : inFile(input, io), perSecond, io.signal);
