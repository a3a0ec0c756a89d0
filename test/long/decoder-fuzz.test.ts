import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkConfig } from '#drivers/config';
import { drivers } from '#drivers/registry';
import { decodeAll } from '#test/support/decode-all';
import { isMessage } from '#test/support/message-check';

/**
 * A million inputs for every decoder: its frames, changed at random. Not guided by coverage. `FUZZ_INPUTS` and
 * `FUZZ_SEED` say how many and which.
 */
const inputs = Number(process.env.FUZZ_INPUTS ?? 1_000_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const root = resolve(import.meta.dirname, '../..');

/** Mulberry32: the same seed gives the same inputs. */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A piece of a seed with some of its bytes changed, doubled, left out or put in. */
function mutated(seeds: readonly Buffer[], random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const whole = seeds[below(seeds.length)] as Buffer;
  const from = random() < 0.5 ? 0 : below(whole.length);
  let bytes: Buffer = Buffer.from(whole.subarray(from, from + 1 + below(600)));
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const at = below(bytes.length);
    const cut = below(8);
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] = (bytes[at] as number) ^ (1 << below(8));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + cut), bytes.subarray(at)]);
    if (bytes.length === 0) bytes = Buffer.from([below(256)]);
  }
  return bytes;
}

describe.each(drivers.map((entry) => [entry.type, entry] as const))(`%s, seed ${seed}`, (type, entry) => {
  test('a million inputs give messages or problems, in bounded time and memory', async () => {
    const driver = await entry.load();
    const checked = checkConfig(entry, {}, true);
    if ('problems' in checked || !driver.codec) return;
    const folder = join(root, 'drivers', type, 'frames');
    const seeds = readdirSync(folder)
      .filter((name) => !/\.(json|ndjson)$/.test(name))
      .map((name) => readFileSync(join(folder, name)));
    const random = randomOf(seed);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < inputs; i++) {
      const bytes = mutated(seeds, random);
      const began = performance.now();
      const { messages } = decodeAll(driver.codec(checked.config), [bytes]);
      const tookMs = performance.now() - began;
      // A pause of the collector may fall into it; what hangs takes longer.
      if (tookMs > 2000) throw new Error(`${tookMs} ms for ${bytes.toString('hex')}`);
      const wrong = messages.find((message) => !isMessage(message));
      if (wrong) throw new Error(`${JSON.stringify(wrong)} from ${bytes.toString('hex')}`);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
  }, 3_600_000);
});
