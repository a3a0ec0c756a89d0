import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { ChaosResult } from './run.ts';

const mark = (name: string, end: boolean) => `<!-- ${end ? '/' : ''}${name} -->`;

/** Puts what a run found between the marks `<!-- NAME -->` and `<!-- /NAME -->` of a page. */
export function writeReport(file: string, name: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(mark(name, false)), page.indexOf(mark(name, true))];
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}.`);
  const head = page.slice(0, from + mark(name, false).length);
  writeFileSync(file, `${head}\n${text.trim()}\n${page.slice(to)}`);
}

/** Where and when something was measured. */
export const machine = (): string =>
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores`;

export function chaosReport(command: string, line: string, result: ChaosResult): string {
  const { inputs, acknowledged, excused, seconds, restSeconds, faults } = result;
  const kinds = Object.entries(faults).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '```',
    `$ ${command}`,
    line,
    '```',
    '',
    `${inputs} inputs, ${acknowledged} acknowledged, ${excused} of them by a broker that was killed before it had`,
    `saved them; all was at the hub ${Math.round(restSeconds)} s after the last fault; ${Math.round(seconds / 60)} minutes; ${machine()}.`,
    'What went wrong, and how often:',
    `${kinds.map(([name, count]) => `${name} ${count}`).join(', ')}.`,
  ].join('\n');
}
