// A model (a bundle in argv) whose native code is slow: runners that end in the midst of it, and one that takes it for hung.
import { loadBundle } from '../../../dist/models/bundle/load.js';
import { Runner, runnerDefaults } from '../../../dist/models/runner/runner.js';

const bundle = await loadBundle(process.argv[2]);
const row = (...values) => ({ x: { data: Float32Array.from(values), dims: [1, 4] } });
const slow = row(1, 0, 0, 0);
const start = async (hangMs) => {
  const runner = new Runner(bundle, { ...runnerDefaults, hangMs, maxBatch: 1 }, undefined);
  await runner.start();
  return runner;
};
const code = (work) =>
  work.then(
    () => 'answered',
    (error) => error.code,
  );

const stopped = [];
for (let round = 0; round < 8; round++) {
  const runner = await start(60_000);
  const running = code(runner.run(slow));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await runner.close();
  stopped.push(await running);
}

const runner = await start(20);
const hung = [];
while (hung.length < 4) hung.push(await code(runner.run(slow)));
const first = { x: { data: Float32Array.from([0, -1, -2, -0.5]), dims: [1, 4] } };
let again;
while (again === undefined) {
  again = await runner.run(first).then(
    (outputs) => [...outputs.y.data],
    () => new Promise((resolve) => setTimeout(resolve, 100, undefined)),
  );
}
console.log(JSON.stringify({ stopped, hung, again }));
await runner.close();
