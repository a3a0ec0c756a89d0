import type { CommandIo } from '../../command.ts';
import type { WeeksCall } from '../weeks.ts';
import type { LivesDone } from './lives.ts';
import type { LotRow } from './score.ts';

export interface WeeksResult extends LivesDone {
  readonly call: WeeksCall;
  readonly days: number;
  readonly rows: readonly LotRow[];
  readonly drifts: readonly number[];
  readonly replaced: readonly number[];
  readonly stray: readonly string[];
  /** Heap after the last lot of each ship, MiB, garbage collected. */
  readonly heaps: readonly number[];
  readonly events: number;
  readonly chars: Readonly<Record<string, number>>;
  readonly errors: readonly (readonly [string, number])[];
}

/** Heap of the last ship by that of the second: more says that something is kept that should not be. */
const mostGrowth = 1.15;

const growthOf = ({ heaps }: WeeksResult): number | undefined => {
  const [, second] = heaps;
  const last = heaps.at(-1);
  return second === undefined || last === undefined || heaps.length < 3 ? undefined : last / second;
};

const wrongOf = ({ rows }: WeeksResult) => rows.filter(({ right }) => !right);
const falseOf = ({ rows, stray }: WeeksResult): readonly string[] => [
  ...rows.flatMap(({ lot, falseAlarms }) => falseAlarms.map((what) => `${lot}: ${what}`)),
  ...stray,
];

/** Whether weeks went as they have to. */
export const went = (result: WeeksResult): boolean =>
  wrongOf(result).length === 0 && falseOf(result).length === 0 && (growthOf(result) ?? 1) <= mostGrowth;

const tonnes = (value: number | undefined): string => (value === undefined ? '' : `${Math.round(value)} t`);

export function print(result: WeeksResult, json: boolean, { stdout }: CommandIo): number {
  const { rows, call, days, drifts, replaced, heaps, kills, lines, events, chars, errors, stateKeys } =
    result;
  if (json) {
    for (const row of rows) stdout.write(`${JSON.stringify(row)}\n`);
    const { rows: _, ...rest } = result;
    stdout.write(`${JSON.stringify({ ...rest, growth: growthOf(result) })}\n`);
    return went(result) ? 0 : 1;
  }
  stdout.write(
    '| lot | planted | found by | after | verdict | right |\n| --- | --- | --- | --- | --- | --- |\n',
  );
  for (const {
    lot,
    planted,
    foundBy = '',
    afterT,
    outcome = 'no verdict came',
    disposition = '',
    right,
  } of rows)
    stdout.write(
      `| ${lot} | ${planted} | ${foundBy} | ${tonnes(afterT)} | ${outcome}: ${disposition} | ${right ? 'yes' : 'NO'} |\n`,
    );
  const wrong = wrongOf(result);
  const falseAlarms = falseOf(result);
  const growth = growthOf(result);
  const mega = (Object.values(chars).reduce((sum, one) => sum + one, 0) / 1e6).toFixed(1);
  stdout.write(
    `\n${days} days, ${call.ships} ships, ${rows.length} lots of ${call.lotT} t; ${lines} messages, ${events} events (${mega} MB)\n` +
      `verdicts right: ${rows.length - wrong.length} of ${rows.length}\n` +
      `false alarms: ${falseAlarms.length}${falseAlarms.map((one) => `\n  ${one}`).join('')}\n` +
      `lamp: drift told ${drifts.length} times, replaced ${replaced.length} times\n` +
      `killed ${kills} times, each time on from its checkpoint of ${stateKeys} entries\n` +
      `left by error ports: ${errors.length === 0 ? 'nothing' : errors.map(([code, count]) => `${code} ${count}`).join(', ')}\n` +
      `heap after a ship: ${heaps.map((one) => one.toFixed(0)).join(' ')} MiB${growth === undefined ? '' : `, last by second ${growth.toFixed(2)}`}\n`,
  );
  return went(result) ? 0 : 1;
}
