import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkConfig } from '#drivers/config';
import type { Codec, DriverEntry } from '#drivers/driver';
import type { Message } from '#flows/message';
import { decodeAll } from './decode-all.ts';
import { isMessage } from './message-check.ts';

const root = resolve(import.meta.dirname, '../..');

/** Mulberry32: the same seed gives the same inputs. */
export function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Seed {
  readonly bytes: Buffer;
  readonly codec: Codec;
}

/** The frames of a driver, each with the config that stands beside it. */
async function seedsOf(entry: DriverEntry): Promise<Seed[]> {
  const driver = await entry.load();
  const folder = join(root, 'drivers', entry.type, 'frames');
  return readdirSync(folder)
    .filter((name) => !/\.(json|ndjson)$/.test(name))
    .flatMap((name) => {
      const beside = join(folder, name.replace(/\.\w+$/, '.json'));
      const given: unknown = existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : {};
      const checked = checkConfig(entry, given, true);
      if ('problems' in checked || !driver.codec) return [];
      return [{ bytes: readFileSync(join(folder, name)), codec: driver.codec(checked.config) }];
    });
}

/** A piece of an input with some of its bytes changed, doubled, left out or put in, or the end of another behind it. */
function mutated({ bytes: whole }: Seed, other: Seed, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const from = random() < 0.5 ? 0 : below(whole.length);
  let bytes: Buffer = Buffer.from(whole.subarray(from, from + 1 + below(600)));
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const at = below(bytes.length);
    const cut = below(8);
    const kind = below(5);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] = (bytes[at] as number) ^ (1 << below(8));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)]);
    else if (kind === 3)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + cut), bytes.subarray(at)]);
    else
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        other.bytes.subarray(below(other.bytes.length)).subarray(0, 200),
      ]);
    if (bytes.length === 0) bytes = Buffer.from([below(256)]);
  }
  return bytes;
}

/** What of a decoder an input came through: its problems, and what its messages are made of. */
function* marksOf(messages: readonly Message[], codes: readonly string[]): Generator<string> {
  yield* codes;
  yield codes.slice(0, 3).join(' ');
  for (const message of messages) {
    yield `${message.kind} ${message.quality}`;
    for (const name in message) yield `${message.kind}.${name}`;
    for (const name in message.attributes) yield `${message.kind}.attributes.${name.slice(0, 40)}`;
  }
}

export interface Fuzzed {
  readonly inputs: number;
  /** Marks that were reached, and inputs that were kept because they reached one first. */
  readonly marks: number;
  readonly kept: number;
  readonly worstMs: number;
}

const maxKept = 4000;
const maxMarks = 20_000;
/** A pause of the collector may fall into it; what hangs takes longer. */
const maxInputMs = 5000;

/**
 * Gives a driver's decoder inputs made of its frames, and of what was made before and came further than others:
 * a new problem, kind, field or attribute. Throws for an input that takes too long or gives what is no message.
 */
export async function fuzz(entry: DriverEntry, inputs: number, seed: number): Promise<Fuzzed> {
  const corpus = await seedsOf(entry);
  const first = corpus.length;
  if (first === 0) throw new Error(`${entry.type} has no frames for its codec`);
  const random = randomOf(seed);
  const marks = new Set<string>();
  const one = () => corpus[Math.floor(random() * corpus.length)] as Seed;
  let worstMs = 0;
  for (let i = 0; i < inputs; i++) {
    const parent = one();
    const bytes = mutated(parent, one(), random);
    // By the processor: what else the machine does is no time of a decoder.
    const before = process.cpuUsage();
    const { messages, codes } = decodeAll(parent.codec, [bytes]);
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    if (tookMs > maxInputMs) throw new Error(`${tookMs} ms for ${bytes.toString('hex')}`);
    const wrong = messages.find((message) => !isMessage(message));
    if (wrong) throw new Error(`${JSON.stringify(wrong)} from ${bytes.toString('hex')}`);
    worstMs = Math.max(worstMs, tookMs);
    const known = marks.size;
    if (known < maxMarks) for (const mark of marksOf(messages, codes)) marks.add(mark);
    if (marks.size > known && corpus.length < maxKept) corpus.push({ bytes, codec: parent.codec });
  }
  return { inputs, marks: marks.size, kept: corpus.length - first, worstMs };
}
