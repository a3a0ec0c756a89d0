import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, scratch } from '../setup/paths.mjs';
import { node } from './step.mjs';
import { tallyOf } from './tally.mjs';

/**
 * Runs vitest and counts what it reports.
 * @param {string} name of the report in .scratch/
 * @param {readonly string[]} args
 * @param {number} limitSeconds
 */
export async function vitest(name, args, limitSeconds) {
  const report = join(scratch, `${name}.json`);
  mkdirSync(scratch, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const ended = await node([program, 'run', ...reporters, ...args], limitSeconds);
  return tallyOf(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, ended);
}
