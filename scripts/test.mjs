// `npm test`: makes the checkout ready, brings what tests need, runs every check and every test, and ends
// with one line that counts them. `--checks` leaves out the tests (`npm run check`).
import { nodeProblem } from './setup/versions.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
const { which } = await import('./setup/paths.mjs');
const { ready } = await import('./setup/ready.mjs');
const { Refusal, say } = await import('./setup/refusal.mjs');
const { runChecks } = await import('./test/checks.mjs');
const { installTestTools } = await import('./test/debian.mjs');
const { node, step } = await import('./test/step.mjs');
const { closingLine, nothing, one, sum } = await import('./test/tally.mjs');
const { vitest } = await import('./test/vitest.mjs');

const browserTests = 'test/e2e/';

/** @type {import('./test/tally.mjs').Tally[]} */
const tallies = [];
tallies.push(
  await step('Set-up', async () => {
    try {
      await ready();
      return one(true);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(`${error.detail}\n${error.message}`.trim());
      return one(false);
    }
  }),
);
if (sum(tallies).failed === 0) {
  const checksOnly = process.argv.includes('--checks');
  const missing = checksOnly ? [] : await installTestTools();
  tallies.push(...(await runChecks()));
  if (!checksOnly) {
    tallies.push(
      await step('Kafka client', async () => {
        // With Maven also Apache Kafka itself; without the one or the other its tests are skipped.
        const args = ['scripts/setup-kafka.mjs', ...(which('mvn') ? ['--broker'] : [])];
        return (await node(args, 900)) === 0 ? one(true) : { ...nothing, skipped: 1 };
      }),
    );
    tallies.push(
      await step('Unit and scenario tests', () => vitest('tests', ['--exclude', `${browserTests}**`], 1500)),
    );
    const browser = !missing.some(({ program }) => program === 'chromium');
    tallies.push(
      await step('End to end in the browser', async () =>
        browser ? vitest('e2e', ['--no-file-parallelism', browserTests], 900) : { ...nothing, skipped: 1 },
      ),
    );
  }
}
const total = sum(tallies);
say(`\n${closingLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
