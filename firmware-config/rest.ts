import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface RestOptions {
  /** How often the process looks at itself, ms. */
  readonly everyMs?: number;
  /** CPU time so far, user and system, microseconds. */
  readonly cpuUs?: () => number;
  /** Collects garbage. */
  readonly collect?: () => void;
}

/** Shares of one core above which a stretch counts as work, and below which as rest. */
const workShare = 0.1;
const restShare = 0.05;
/** Stretches of rest before a collection: V8 shrinks only when little was allocated in the last seconds. */
const restStretches = 3;

/**
 * Gives memory back when the process has come to rest. V8 leaves its young generation as large as the
 * busiest moment made it, tens of megabytes, until a full collection finds it quiet, which at rest may
 * take hours to come by itself: after work, the first quiet quarter of a minute asks for one. Returns the way to stop.
 */
export function shrinkAtRest(options: RestOptions = {}): () => void {
  const { everyMs = 5000, cpuUs = processCpuUs, collect = collectGarbage } = options;
  let last = cpuUs();
  // Starting up was work.
  let worked = true;
  let rested = 0;
  const timer = setInterval(() => {
    const now = cpuUs();
    const share = (now - last) / (everyMs * 1000);
    last = now;
    if (share > workShare) worked = true;
    rested = share > restShare ? 0 : rested + 1;
    if (!worked || rested < restStretches) return;
    worked = false;
    collect();
    last = cpuUs();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function processCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Some tens of milliseconds for the heap of a box or a hub at rest. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
