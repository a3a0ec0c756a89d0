// A box with two models (bundles in argv): the native code of the first never returns. Says what became of both, and ends.
import { loadBundle } from '../../../dist/models/bundle/load.js';
import { Runner, runnerDefaults } from '../../../dist/models/runner/runner.js';

// The good one is not hasty: beside native code that never ends it gets what is left of the machine.
const hangMs = [200, 60_000];
const [bad, good] = await Promise.all(
  process.argv.slice(2).map(async (folder, n) => {
    const options = { ...runnerDefaults, hangMs: hangMs[n], deadlineMs: 60_000, maxBatch: 1 };
    const runner = new Runner(await loadBundle(folder), options, undefined);
    await runner.start();
    return runner;
  }),
);
const row = (...values) => ({ x: { data: Float32Array.from(values), dims: [1, 4] } });
const codes = [];
for (let round = 0; round < 5; round++) {
  codes.push(await bad.run(row(1, 0, 0, 0)).catch(({ code }) => code));
}
const beside = await good.run(row(1, 2, 3, 4));
console.log(JSON.stringify({ codes, restarts: bad.health().restarts, beside: [...beside.y.data] }));
await Promise.all([bad.close(), good.close()]);
