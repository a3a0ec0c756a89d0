import { setTimeout as sleep } from 'node:timers/promises';

/** Sleeps; ends early, without an error, when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * Lets items through at the distances of their own times, `speed` times as fast; 0: without waiting. Drift does
 * not add up: each is due by its distance from the first.
 */
export async function* paced<T>(
  items: AsyncIterable<T>,
  timeMs: (item: T) => number | undefined,
  speed: number,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let firstMs: number | undefined;
  const started = performance.now();
  for await (const item of items) {
    const at = timeMs(item);
    if (speed > 0 && at !== undefined) {
      firstMs ??= at;
      await pause((at - firstMs) / speed - (performance.now() - started), signal);
    }
    if (signal.aborted) return;
    yield item;
  }
}

/** At most `perSecond` items a second, evenly. */
export async function* throttled<T>(
  items: AsyncIterable<T>,
  perSecond: number,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const started = performance.now();
  let sent = 0;
  for await (const item of items) {
    await pause((sent * 1000) / perSecond - (performance.now() - started), signal);
    if (signal.aborted) return;
    yield item;
    sent++;
  }
}

/** What was begun has ended, or is not waited for any more: a device that nobody hears would wait for ever. */
export async function untilDone(done: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([done, aborted]);
}
