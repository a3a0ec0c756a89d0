import { parseArgs } from 'node:util';
import { type Command, type CommandIo, UsageError, write } from '#firmware-config/command';
import type { Bench, Row } from './bench.ts';
import { benches } from './index.ts';

/** Figures as a person reads them: three significant digits, large ones whole. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** One row of the table: name, value with unit, and how it compares. */
export function describeRow(row: Row): string {
  const beside =
    row.reference === undefined ? '' : `  beside ${figure(row.reference)}${row.unit ? ` ${row.unit}` : ''}`;
  const ratio = row.ratio === undefined ? '' : `  ratio ${row.ratio.toFixed(2)}`;
  return `${row.name.padEnd(28)} ${figure(row.value).padStart(9)} ${row.unit.padEnd(10)}${beside}${ratio}`.trimEnd();
}

async function chosen(names: string[], list: typeof benches): Promise<Bench[]> {
  const known = Object.keys(list);
  const wanted = names.length ? names : known;
  const loads = wanted.map((name) => {
    const load = Object.hasOwn(list, name) ? list[name] : undefined;
    if (!load) throw new UsageError(`There is no bench \`${name}\`: ${known.join(', ')}.`);
    return load;
  });
  return await Promise.all(loads.map((load) => load()));
}

/** Runs one bench, or all, of `list`; a bench that fails does not stop the others. */
export async function runBenches(args: string[], io: CommandIo, list = benches): Promise<number> {
  let parsed: { values: { json?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  let failed = 0;
  for (const bench of await chosen(positionals, list)) {
    const rows: Promise<void>[] = [];
    const report = (row: Row) => {
      rows.push(write(io.stdout, `${values.json ? JSON.stringify(row) : describeRow(row)}\n`));
    };
    const log = (line: string) => void io.stderr.write(`${bench.name}: ${line}\n`);
    try {
      await bench.run(report, log, io.signal);
    } catch (error) {
      failed += 1;
      log(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await Promise.all(rows);
    if (io.signal.aborted) return 1;
  }
  return failed ? 1 : 0;
}

export const command: Command = {
  name: 'bench',
  summary: 'the benchmarks: every figure beside what it is held against',
  usage: 'bench [NAME…] [--json]',
  run: (args, io) => runBenches(args, io),
};
