import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkConfig } from '#drivers/config';
import type { Codec, DriverEntry } from '#drivers/driver';
import type { Message } from '#flows/message';
import type { CodeCoverage } from './coverage.ts';
import { decodeAll } from './decode-all.ts';
import { isMessage } from './message-check.ts';
import { mutated, randomOf } from './mutate.ts';

const root = resolve(import.meta.dirname, '../..');

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
  /** Marks that were reached. */
  readonly marks: number;
  /** Inputs that were kept because they reached a mark, or code, that none before had reached. */
  readonly kept: number;
  /** Of those, the ones that were kept for code alone. */
  readonly keptForCode: number;
  readonly worstMs: number;
}

const maxKept = 4000;
const maxMarks = 20_000;
/** A pause of the collector may fall into it; what hangs takes longer. */
const maxInputMs = 5000;
/** Inputs between two looks at the code that ran, which cost as much as hundreds of them: more where nothing is found. */
const [leastBetween, mostBetween] = [512, 8192];

function attempt({ bytes, codec }: Seed) {
  // By the processor: what else the machine does is no time of a decoder.
  const before = process.cpuUsage();
  const { messages, codes } = decodeAll(codec, [bytes]);
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  if (tookMs > maxInputMs) throw new Error(`${tookMs} ms for ${bytes.toString('hex')}`);
  const wrong = messages.find((message) => !isMessage(message));
  if (wrong) throw new Error(`${JSON.stringify(wrong)} from ${bytes.toString('hex')}`);
  return { messages, codes, tookMs };
}

/** Of inputs that together ran new code, those that do so one after the other: halved and given again. */
function* bringersOf(inputs: readonly Seed[], coverage: CodeCoverage): Generator<Seed> {
  for (const { bytes, codec } of inputs) decodeAll(codec, [bytes]);
  const [only] = inputs;
  if (!coverage.look(inputs.length === 1) || !only) return;
  if (inputs.length === 1) {
    yield only;
    return;
  }
  const middle = inputs.length >> 1;
  yield* bringersOf(inputs.slice(0, middle), coverage);
  yield* bringersOf(inputs.slice(middle), coverage);
}

/** The inputs since the last look that ran new code; and what ran only once, when something was made ready, is known. */
function newCode(recent: Seed[], coverage: CodeCoverage): Seed[] {
  const inputs = recent.splice(0);
  if (!coverage.look(false)) return [];
  const found = [...bringersOf(inputs, coverage)];
  for (const { bytes, codec } of inputs) decodeAll(codec, [bytes]);
  coverage.look(true);
  return found;
}

export interface FuzzOptions {
  readonly coverage?: CodeCoverage;
  /** Ends earlier, when so much time has passed; `inputs` of the result tells how far it came. */
  readonly maxMs?: number;
}

/**
 * Gives a driver's decoder inputs made of its frames, and of what was made before and came further than others:
 * a new problem, kind, field or attribute, or with `coverage` code that never ran before. Throws for an input that
 * takes too long or gives what is no message.
 */
export async function fuzz(
  entry: DriverEntry,
  inputs: number,
  seed: number,
  { coverage, maxMs = Number.POSITIVE_INFINITY }: FuzzOptions = {},
): Promise<Fuzzed> {
  const corpus = await seedsOf(entry);
  const first = corpus.length;
  if (first === 0) throw new Error(`${entry.type} has no frames for its codec`);
  const random = randomOf(seed);
  const marks = new Set<string>();
  const one = () => corpus[Math.floor(random() * corpus.length)] as Seed;
  const recent: Seed[] = [];
  const end = performance.now() + maxMs;
  let [given, worstMs, keptForCode, between] = [0, 0, 0, leastBetween];
  for (; given < inputs && performance.now() < end; given++) {
    const parent = one();
    const input: Seed = { codec: parent.codec, bytes: mutated(parent.bytes, one().bytes, random) };
    const { messages, codes, tookMs } = attempt(input);
    worstMs = Math.max(worstMs, tookMs);
    const known = marks.size;
    if (known < maxMarks) for (const mark of marksOf(messages, codes)) marks.add(mark);
    if (marks.size > known && corpus.length < maxKept) corpus.push(input);
    if (!coverage) continue;
    recent.push(input);
    if (recent.length < between) continue;
    const found = newCode(recent, coverage);
    keptForCode += found.length;
    corpus.push(...found);
    between = found.length > 0 ? leastBetween : Math.min(2 * between, mostBetween);
  }
  return { inputs: given, marks: marks.size, kept: corpus.length - first, keptForCode, worstMs };
}
