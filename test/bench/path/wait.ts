import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

/** Waits, but does not keep a process alive that has nothing else to do. */
export const rest = (ms: number) => sleep(ms, undefined, { ref: false });

/** Milliseconds of the machine's monotonic clock: the same in every process. */
export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Asks until the answer is not undefined; rejects after `timeoutMs` with what was waited for. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  ask: () => T | undefined | Promise<T | undefined>,
  everyMs = 100,
): Promise<T> {
  const end = monotonicMs() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (monotonicMs() > end) throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}.`);
    await rest(everyMs);
  }
}
