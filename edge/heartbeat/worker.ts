import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { describeProblem } from '#flows/fault';
import { faults } from '../faults.ts';
import { cells } from './heartbeat.ts';

watch(workerData);

/** Its own seconds are counted, not time that has passed: a machine that slept, or a process that was stopped, has done nothing wrong. */
function watch(shared: Int32Array): void {
  let beats = 0;
  let missed = 0;
  setInterval(() => {
    const now = Atomics.load(shared, cells.beats);
    missed = now === beats ? missed + 1 : 0;
    beats = now;
    const limit = Atomics.load(shared, cells.limitSeconds);
    if (limit === 0 || missed < limit) return;
    // Standard streams of a thread pass through the loop that hangs.
    writeSync(2, `${describeProblem(faults.problem('loop.hangs', { seconds: missed }))}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, 1000);
}
