import { describe, expect, test } from 'vitest';
import { drivers } from '#drivers/registry';
import { CodeCoverage } from '#test/support/coverage';
import { fuzz } from '#test/support/fuzz';

/**
 * A million inputs for every decoder. `FUZZ_INPUTS`, `FUZZ_SEED` and `FUZZ_DRIVER` say how many, which, and for whom;
 * `FUZZ_SECONDS` ends each earlier, and what is printed says how many were given.
 */
const { FUZZ_INPUTS, FUZZ_SEED, FUZZ_DRIVER, FUZZ_SECONDS } = process.env;
const inputs = Number(FUZZ_INPUTS ?? 1_000_000);
const maxMs = FUZZ_SECONDS === undefined ? Number.POSITIVE_INFINITY : 1000 * Number(FUZZ_SECONDS);
const seed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31);
const chosen = drivers.filter(
  ({ type }) => FUZZ_DRIVER === undefined || FUZZ_DRIVER.split(',').includes(type),
);

describe.each(chosen.map((entry) => [entry.type, entry] as const))(`%s, seed ${seed}`, (type, entry) => {
  test(`${inputs} inputs give messages or problems, in bounded time and memory`, async () => {
    const before = process.memoryUsage().rss;
    const began = performance.now();
    const coverage = new CodeCoverage((url) => url.includes('/drivers/') && !url.endsWith('.test.ts'));
    const cpu = process.cpuUsage();
    const fuzzed = await fuzz(entry, inputs, seed, { coverage, maxMs });
    const { marks, kept, keptForCode, worstMs } = fuzzed;
    const seconds = Math.round((performance.now() - began) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    const busy = Math.round((user + system) / 1e6);
    const how = `${fuzzed.inputs} inputs in ${seconds} s (${busy} s of processor), worst ${worstMs.toFixed(1)} ms`;
    const reached = `${marks} marks, ${kept} kept, ${keptForCode} of them for code`;
    console.info(`${type}: ${how}, ${reached}, ${coverage.reached} characters of code ran`);
    coverage.stop();
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
  }, 7_200_000);
});
