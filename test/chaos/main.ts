import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileShim } from './control.ts';
import { type Figure, measureOutage, measureRecovery, measureSoak } from './figures.ts';
import { chaosReport, writeReport } from './report.ts';
import { type ChaosResult, runChaos } from './run.ts';

const root = resolve(import.meta.dirname, '../../..');
const usage = `npm run chaos -- [--kills N] [--seed S] [--rate EVENTS] [--minutes M] [--keep] [--report]
       npm run chaos -- --outage [--minutes M] [--rate EVENTS] | --recovery N | --soak MESSAGES [--report]`;

/** The last line, word for word. */
export const closingLine = (result: ChaosResult, seed: number): string =>
  `lost ${result.lost}, doubled ${result.doubled}, disordered ${result.disordered}, ` +
  `events ${result.events}, kills ${result.kills}, seed ${seed}`;

export const passed = ({ lost, doubled, disordered, wrong, events }: ChaosResult): boolean =>
  lost + doubled + disordered + wrong.length === 0 && events > 0;

const options = {
  kills: { type: 'string', default: '10' },
  seed: { type: 'string' },
  rate: { type: 'string' },
  minutes: { type: 'string' },
  outage: { type: 'boolean', default: false },
  recovery: { type: 'string' },
  soak: { type: 'string' },
  keep: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
} as const;

interface Call {
  readonly command: string;
  readonly kills: number;
  readonly seed: number;
  readonly rate: number | undefined;
  readonly minutes: number | undefined;
  readonly folder: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

async function chaos({ command, kills, seed, rate, minutes, folder, log, signal }: Call): Promise<Figure> {
  const shim = compileShim(folder, root);
  if (!shim) log('there is no C compiler (cc): no full disks, power cuts or clock jumps in this run');
  const limit = minutes === undefined ? {} : { limitMs: minutes * 60_000 };
  const result = await runChaos({ kills, seed, folder, shim, perSecond: rate ?? 150, ...limit, log, signal });
  for (const line of [...result.examples, ...result.wrong.slice(0, 20)]) log(line);
  log(
    `${result.inputs} inputs, ${result.acknowledged} acknowledged, ${result.excused} of them lost their broker; ` +
      `${Math.round(result.seconds)} s`,
  );
  const line = closingLine(result, seed);
  return { name: 'chaos', line, good: passed(result), report: chaosReport(command, line, result) };
}

/** `npm run chaos`. Progress goes to standard error, one line to standard output. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const [kills, seed] = [Number(values.kills), Number(values.seed ?? Math.floor(Math.random() * 1e9))];
  if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
    process.stderr.write(`Usage: ${usage}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-chaos-'));
  const log = (line: string) => void process.stderr.write(`chaos: ${line}\n`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error('stopped')));
  const given = values.seed === undefined ? ` --seed ${seed}` : '';
  const call: Call = {
    command: `npm run chaos -- ${args.join(' ')}${given}`,
    kills,
    seed,
    rate: number(values.rate),
    minutes: number(values.minutes),
    folder,
    log,
    signal: stop.signal,
  };
  const measure = () => {
    if (values.soak !== undefined) return measureSoak(call, Number(values.soak));
    if (values.recovery !== undefined) return measureRecovery(call, Number(values.recovery));
    return values.outage ? measureOutage(call) : chaos(call);
  };
  try {
    const { name, line, good, report } = await measure();
    if (values.report) writeReport(join(root, 'docs/reliability.md'), name, report);
    if (!good || values.keep) log(`everything is left in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${line}\n`);
    return good ? 0 : 1;
  } catch (error) {
    log(
      `${error instanceof Error ? error.message : String(error)} Everything is left in ${folder}, seed ${seed}.`,
    );
    return 1;
  }
}
