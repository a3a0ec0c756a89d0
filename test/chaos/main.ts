import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileShim } from './control.ts';
import { chaosReport, writeReport } from './report.ts';
import { type ChaosResult, runChaos } from './run.ts';

const root = resolve(import.meta.dirname, '../../..');
const usage = 'npm run chaos -- [--kills N] [--seed S] [--rate EVENTS] [--minutes M] [--keep] [--report]';

/** The last line, word for word. */
export const closingLine = (result: ChaosResult, seed: number): string =>
  `lost ${result.lost}, doubled ${result.doubled}, disordered ${result.disordered}, ` +
  `events ${result.events}, kills ${result.kills}, seed ${seed}`;

export const passed = ({ lost, doubled, disordered, wrong, events }: ChaosResult): boolean =>
  lost + doubled + disordered + wrong.length === 0 && events > 0;

/** `npm run chaos`. Progress goes to standard error, one line to standard output. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '10' },
      seed: { type: 'string' },
      rate: { type: 'string', default: '150' },
      minutes: { type: 'string' },
      keep: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const kills = Number(values.kills);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
    process.stderr.write(`Usage: ${usage}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-chaos-'));
  const log = (line: string) => void process.stderr.write(`chaos: ${line}\n`);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  process.once('SIGTERM', () => stop.abort(new Error('stopped')));
  const shim = compileShim(folder, root);
  if (!shim) log('there is no C compiler (cc): no full disks, power cuts or clock jumps in this run');
  try {
    const perSecond = Number(values.rate);
    const limit = values.minutes === undefined ? {} : { limitMs: Number(values.minutes) * 60_000 };
    const result = await runChaos({
      kills,
      seed,
      folder,
      shim,
      perSecond,
      ...limit,
      log,
      signal: stop.signal,
    });
    for (const line of [...result.examples, ...result.wrong.slice(0, 20)]) log(line);
    log(
      `${result.inputs} inputs, ${result.acknowledged} acknowledged, ${result.excused} of them lost their broker; ` +
        `${Math.round(result.seconds)} s`,
    );
    const good = passed(result);
    if (values.report) {
      const command = `npm run chaos -- ${args.join(' ')}${values.seed === undefined ? ` --seed ${seed}` : ''}`;
      writeReport(
        join(root, 'docs/reliability.md'),
        'chaos',
        chaosReport(command, closingLine(result, seed), result),
      );
    }
    if (!good || values.keep) log(`everything is left in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${closingLine(result, seed)}\n`);
    return good ? 0 : 1;
  } catch (error) {
    log(
      `${error instanceof Error ? error.message : String(error)} Everything is left in ${folder}, seed ${seed}.`,
    );
    return 1;
  }
}
