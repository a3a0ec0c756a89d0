import { mkdirSync } from 'node:fs';
import type { BoxConfig } from '#firmware-config/box';
import { shrinkAtRest } from '#firmware-config/rest';
import { describeProblem, Fault } from '#flows/fault';
import { type Box, composeBox, type Say } from './compose.ts';
import { loadConfig } from './config.ts';
import { faults } from './faults.ts';
import { detailOf } from './files.ts';
import { startHeartbeat } from './heartbeat/heartbeat.ts';
import { lockFolder } from './lock.ts';
import type { Progress } from './runner/progress.ts';
import { startWatchdog } from './watchdog.ts';

export interface RunOptions {
  /** Aborted: stop softly. */
  readonly signal: AbortSignal;
  /** Called once with one line for whoever started it, when everything runs. */
  readonly onReady?: (line: string) => void;
  /** Problems that no event can tell, one line each. */
  readonly onProblem?: (line: string) => void;
}

/** For a soft stop; then the process may end with work undone, which is as safe as a power cut, ms. */
const stopMs = 15_000;

/** Runs one box until it is told to stop. Throws a Fault when it cannot start. */
export async function runBox(configFile: string, options: RunOptions): Promise<void> {
  const { signal, onReady, onProblem } = options;
  const say: Say = (problem) => {
    const line = describeProblem(problem);
    if (onProblem) onProblem(line);
    else process.stderr.write(`${line}\n`);
  };
  const config = loadConfig(configFile);
  try {
    mkdirSync(config.data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw faults.fault('data.unwritable', { folder: config.data, detail: detailOf(error) }, undefined, error);
  }
  const unlock = lockFolder(config.data);
  const stopShrinking = shrinkAtRest();
  const aborted = new Promise<'stop'>((resolve) => {
    if (signal.aborted) resolve('stop');
    else signal.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  let progress: Progress | undefined;
  let stopWatchdog: (() => void) | undefined;
  const heartbeat = startHeartbeat(config.recovery.hangSeconds ?? 0);
  try {
    let ready = false;
    for (;;) {
      const box = await compose(config, say);
      const { http, broker } = box.ports;
      const devices = broker === undefined ? '' : `, devices publish to port ${broker}`;
      if (!ready) onReady?.(`The box ${box.identity.box} runs: http port ${http}${devices}.`);
      ready = true;
      heartbeat.ready();
      progress = box.runner.progress();
      stopWatchdog ??= startWatchdog({
        environment: process.env,
        progress: { look: () => progress?.look() },
      });
      const why = await Promise.race([aborted, box.enrolled.then(() => 'enrolled' as const)]);
      if (why === 'stop') stopWatchdog();
      if (!(await within(stopMs, box.stop())) && why === 'stop') return;
      if (why === 'stop') return;
    }
  } finally {
    heartbeat.stop();
    stopShrinking();
    unlock();
  }
}

/** What the system says of a disk becomes a sentence: a box that cannot start says where, and what to do. */
async function compose(config: BoxConfig, say: Say): Promise<Box> {
  try {
    return await composeBox(config, say);
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error && 'code' in error)) throw error;
    const detail = detailOf(error);
    throw faults.fault('data.unwritable', { folder: config.data, detail }, undefined, error);
  }
}

/** Whether the work was done in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
