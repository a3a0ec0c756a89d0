import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { node, step } from './step.mjs';
import { one } from './tally.mjs';

/** What is checked without running a test, in order: title and arguments for Node. */
const checks = /** @type {const} */ ([
  [
    'Format and lint (Biome)',
    ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off'],
  ],
  ['Types of the product', ['node_modules/typescript/bin/tsc', '-b']],
  ['Types of tests and scripts', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json']],
  ['Types of the screen', ['node_modules/typescript/bin/tsc', '-p', 'hub/web', '--noEmit']],
  ['Unused files, exports and packages (knip)', ['node_modules/knip/bin/knip.js']],
  ['Generated reference is current', ['scripts/docs.mjs', '--check']],
]);

export async function runChecks() {
  const tallies = [];
  for (const [title, args] of checks) {
    if (title === 'Types of the screen' && !existsSync(join(root, 'hub/web/tsconfig.json'))) continue;
    tallies.push(await step(title, async () => one((await node(args, 600)) === 0)));
  }
  return tallies;
}
