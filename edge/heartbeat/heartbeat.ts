import { Worker } from 'node:worker_threads';

/** Shared with the thread that watches, by index: beats so far; and how many seconds without one are too many, 0: any. */
export const cells = { beats: 0, limitSeconds: 1 } as const;

/** A start reads and may mend all that the box has on disk: as long as systemd gives it (`TimeoutStartSec`), s. */
const startSeconds = 180;
const beatMs = 1000;
/** It only counts: some megabytes less than a thread has by itself. */
const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };

/** Run from source, the thread is the built program all the same: Node 20 runs no TypeScript. */
function workerFile(): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(source ? '../../dist/edge/heartbeat/worker.js' : './worker.js', import.meta.url);
}

export interface Heartbeat {
  /** The start is over: from now on the shorter limit holds. */
  ready(): void;
  stop(): void;
}

/**
 * Ends the process when its event loop does nothing for `hangSeconds` (0: never): an expression that never ends answers no
 * device, no hub and no systemd. A thread of its own sees to that, wherever the box runs; whoever started the box starts it
 * again, and the end counts as a crash of the release that runs.
 */
export function startHeartbeat(hangSeconds: number): Heartbeat {
  if (hangSeconds === 0) return { ready: () => undefined, stop: () => undefined };
  const shared = new Int32Array(new SharedArrayBuffer(8));
  shared[cells.limitSeconds] = Math.max(startSeconds, hangSeconds);
  const timer = setInterval(() => Atomics.add(shared, cells.beats, 1), beatMs);
  timer.unref();
  const worker = new Worker(workerFile(), { execArgv: [], workerData: shared, resourceLimits });
  worker.unref();
  worker.on('error', () => undefined); // without it the box runs as it would without a watch
  return {
    ready: () => void Atomics.store(shared, cells.limitSeconds, hangSeconds),
    stop() {
      clearInterval(timer);
      Atomics.store(shared, cells.limitSeconds, 0);
      void worker.terminate();
    },
  };
}
