import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds; fails loudly, saying what was waited for, when it does not come true. */
export async function until(what: string, holds: () => boolean, timeoutMs = 60_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come about: ${what}.`);
    await sleep(5);
  }
}
