import { describe, expect, test } from 'vitest';
import { drivers } from '#drivers/registry';
import { fuzz } from '#test/support/fuzz';

/** A million inputs for every decoder. `FUZZ_INPUTS`, `FUZZ_SEED` and `FUZZ_DRIVER` say how many, which, and for whom. */
const { FUZZ_INPUTS, FUZZ_SEED, FUZZ_DRIVER } = process.env;
const inputs = Number(FUZZ_INPUTS ?? 1_000_000);
const seed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31);
const chosen = drivers.filter(
  ({ type }) => FUZZ_DRIVER === undefined || FUZZ_DRIVER.split(',').includes(type),
);

describe.each(chosen.map((entry) => [entry.type, entry] as const))(`%s, seed ${seed}`, (type, entry) => {
  test(`${inputs} inputs give messages or problems, in bounded time and memory`, async () => {
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const { marks, kept, worstMs } = await fuzz(entry, inputs, seed);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.info(
      `${type}: ${inputs} inputs in ${seconds} s, ${marks} marks, ${kept} kept, worst ${worstMs.toFixed(1)} ms`,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
  }, 7_200_000);
});
