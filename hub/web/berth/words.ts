import type { BoardIncrement, BoardLot, ChartPoint } from '#hub/api/types';
import type { StateLook } from '../parts/state-mark.tsx';

export type Outcome = BoardIncrement['outcome'];

/** `none` looks unlike `clear`: it has a shape and a word of its own. */
export const outcomeLook: Readonly<Record<Outcome, StateLook>> = {
  clear: 'good',
  suspect: 'alarm',
  none: 'warn',
};
export const outcomeWord: Readonly<Record<Outcome, string>> = {
  clear: 'clear',
  suspect: 'suspect',
  none: 'no verdict',
};

export const dispositionWord: Readonly<Record<string, string>> = {
  release: 'release',
  inspect: 'inspect',
  hold: 'hold',
};

/** What is known of a lot so far, or was concluded of it. */
export function stateOf(lot: BoardLot): { readonly look: StateLook; readonly word: string } {
  const { verdict, alarms, increments } = lot;
  if (verdict) {
    const outcome = verdict.outcome as Outcome;
    const disposition = String(verdict.disposition);
    const look = outcome === 'clear' && disposition !== 'release' ? 'waiting' : outcomeLook[outcome];
    return { look, word: `${outcomeWord[outcome]}: ${dispositionWord[disposition] ?? disposition}` };
  }
  if (alarms.length > 0) return { look: 'alarm', word: 'suspect so far' };
  if (increments.length === 0) return { look: 'waiting', word: 'announced' };
  return coverageOf(lot) < 0.95
    ? { look: 'warn', word: 'coverage too low so far' }
    : { look: 'good', word: 'nothing found so far' };
}

export const massOf = ({ increments }: BoardLot): number =>
  increments.reduce((sum, { massKg }) => sum + massKg, 0) / 1000;

/** Share of the mass that all stages have judged. */
export function coverageOf(lot: BoardLot): number {
  const { verdict, increments } = lot;
  if (typeof verdict?.coverage === 'number') return verdict.coverage;
  const mass = increments.reduce((sum, { massKg }) => sum + massKg, 0);
  return mass === 0 ? 1 : increments.reduce((sum, one) => sum + one.massKg * one.coverage, 0) / mass;
}

export const tonnes = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 }).replaceAll(',', '\u202f');

export const percent = (share: number): string =>
  `${(share * 100).toFixed(share > 0.999 || share === 0 ? 0 : 1)} %`;

/** Digits that a quantity is worth, by its size. */
export const massPercent = (value: number): string => value.toFixed(Math.abs(value) < 0.2 ? 3 : 2);

/** A number of an instrument: five digits, and no zeros that say nothing. */
export const figure = (value: number): string => String(Number(value.toPrecision(5)));

/** How a check of an instrument stands, by its newest point. */
export function chartLook(point: ChartPoint | undefined): {
  readonly look: StateLook;
  readonly word: string;
} {
  if (!point) return { look: 'off', word: 'silent' };
  if (point.state === 'out') return { look: 'alarm', word: 'out' };
  return point.state === 'drift' ? { look: 'warn', word: 'drifts' } : { look: 'good', word: 'in control' };
}
