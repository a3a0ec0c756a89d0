import type { Event } from '#hub/api/types';

/**
 * The look of an event: a shape and a word each, so that nothing hangs on colour alone. `none` is a
 * verdict that could not be given and never looks like `clear`.
 */
export type Look =
  | 'alarm'
  | 'over'
  | 'suspect'
  | 'none'
  | 'clear'
  | 'verdict'
  | 'telemetry'
  | 'withdrawn'
  | 'replaced';

export const lookWords: Record<Look, string> = {
  alarm: 'Alarm',
  over: 'Over',
  suspect: 'Suspect',
  none: 'No verdict',
  clear: 'Clear',
  verdict: 'Verdict',
  telemetry: 'Telemetry',
  withdrawn: 'Withdrawn',
  replaced: 'Replaced',
};

/** Whether it says that what an alarm was raised for is over; it comes with the priority of the alarm. */
export const isOver = ({ type, data }: Event): boolean =>
  data.state === 'cleared' || /\.(cleared|restored|rejoin)$/.test(type);

export function lookOf(event: Event): Look {
  if (event.data.retracted === true) return 'withdrawn';
  if (event.priority === 'alarm') return isOver(event) ? 'over' : 'alarm';
  if (event.priority === 'telemetry') return 'telemetry';
  if (!event.type.endsWith('.verdict') && !event.type.startsWith('quaywatch.verdict.')) return 'verdict';
  const outcome = event.data.outcome;
  return outcome === 'clear' || outcome === 'suspect' ? outcome : 'none';
}

/** A seal that is neither locked nor opened in order. */
export const sealIsAbnormal = (state: string): boolean => !['locked', 'unlocked'].includes(state);
