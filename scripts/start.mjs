// `npm start`: makes the checkout ready, then runs the demo. Node's own modules only: nothing is installed yet.
import { nodeProblem } from './setup/versions.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
const { main } = await import('./setup/refusal.mjs');
const { ready } = await import('./setup/ready.mjs');
const { root } = await import('./setup/paths.mjs');
await main(async () => {
  await ready();
  // In this process, so that signals and the exit code are the demo's own.
  const program = `${root}/dist/quaywatch.js`;
  process.argv = [process.execPath, program, 'demo', ...process.argv.slice(2)];
  await import(program);
});
