import { execFile } from 'node:child_process';

/** How far the system's clock is from true time, as chrony knows it. */
export interface Tracking {
  /** The system's clock minus true time, ms. */
  readonly offsetMs: number;
}

/** Place of fields in a line of `chronyc -c tracking` (chrony 4). */
const offsetField = 4;
const leapField = 13;

/** Reads `chronyc -c tracking`. Undefined: chrony does not know the time, or this is none of its lines. */
export function parseTracking(text: string): Tracking | undefined {
  const fields = text.trim().split(',');
  const seconds = Number(fields[offsetField]);
  if (fields.length <= leapField || fields[leapField] === 'Not synchronised') return undefined;
  // chrony counts how far the clock is slow.
  return fields[offsetField] !== '' && Number.isFinite(seconds) ? { offsetMs: -seconds * 1000 } : undefined;
}

/** What chrony knows; `unsynchronised`: it runs and does not know the time; `absent`: nobody answers. */
export type Answer = Tracking | 'unsynchronised' | 'absent';

export interface ChronyOptions {
  readonly onAnswer: (answer: Answer) => void;
  readonly everyMs?: number;
  /** Arguments before the command, such as where chrony's socket is. */
  readonly args?: readonly string[];
}

/** Asks chrony again and again how good the time is. Returns the way to stop. */
export function watchChrony({ onAnswer, everyMs = 30_000, args = [] }: ChronyOptions): () => void {
  let stopped = false;
  const ask = () =>
    execFile('chronyc', ['-n', ...args, '-c', 'tracking'], { timeout: 5000 }, (error, answer) => {
      if (!stopped) onAnswer(error ? 'absent' : (parseTracking(answer) ?? 'unsynchronised'));
    });
  ask();
  const timer = setInterval(ask, everyMs);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
