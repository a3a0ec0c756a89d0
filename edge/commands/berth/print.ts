import type { Figure } from '#models/ore/fleet/figures';
import type { CommandIo } from '../command.ts';

function line({ name, value, unit, low, high, count, target, reached, note }: Figure): string {
  const number = (of: number) =>
    unit === '1' ? `${(100 * of).toPrecision(3)} %` : `${of.toPrecision(3)} ${unit}`;
  const between = low === undefined || high === undefined ? '' : ` (${number(low)} to ${number(high)})`;
  const judged = target === undefined ? '' : `; to reach ${target}: ${reached ? 'reached' : 'NOT reached'}`;
  return `${name}: ${number(value)}${between} of ${count}${judged}${note === undefined ? '' : `; ${note}`}`;
}

/** Figures a line each; of nothing there is no figure. */
export function tell(figures: readonly Figure[], json: boolean, { stdout }: CommandIo): void {
  for (const figure of figures.filter(({ count }) => count > 0))
    stdout.write(`${json ? JSON.stringify(figure) : line(figure)}\n`);
}

/** 1 when something was to be reached and was not. */
export const exitOf = (figures: readonly Figure[]): number =>
  figures.some(({ reached, count }) => count > 0 && reached === false) ? 1 : 0;
