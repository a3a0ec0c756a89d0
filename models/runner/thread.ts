import { Worker } from 'node:worker_threads';
import { Fault, type Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { gateMemory, NativeGate } from './native-gate.ts';
import { builtModule } from './place.ts';
import type { FromWorker, Ready, Sample, ThreadSetup, WorkerSetup } from './protocol.ts';
import type { Tensors } from './tensor.ts';

/** Loading and warming up a large model on a slow box. */
const startMs = 120_000;
/** A thread in native code ends when that returns: after this it is left behind. */
const endMs = 2_000;

export type Outcome =
  | { readonly outputs: readonly Tensors[] }
  /** The model refused the batch; the thread goes on. */
  | { readonly failed: string }
  /** The thread is gone. */
  | { readonly gone: Problem };

export interface Thread {
  readonly ready: Ready;
  /** One batch at a time. */
  run(samples: readonly Sample[]): Promise<Outcome>;
  /** Resolves false when the thread had to be left behind in native code. */
  end(): Promise<boolean>;
  /** It has ended, be it long after it was left behind. */
  readonly exited: Promise<void>;
}

/** A promise with its end at hand. */
function settler<T>(): { promise: Promise<T>; settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/**
 * Starts a thread, which loads the model, proves its golden outputs and warms it up. `onGone` is called when it
 * ends by itself while nothing runs. A batch that takes longer than `hangMs` ends the thread. Rejects with the
 * fault for which the model is not used.
 */
export async function startThread(
  setup: WorkerSetup,
  hangMs: number,
  onGone: (problem: Problem) => void,
): Promise<Thread> {
  const { id, version } = setup.manifest;
  // Without the conditions under which tests run from source: the thread is a built program.
  const gate = gateMemory();
  const workerData: ThreadSetup = { ...setup, gate };
  const worker = new Worker(builtModule('runner/worker.js'), { workerData, execArgv: [] });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const crash = (detail: string) => faults.problem('model.crashed', { id, version, detail });
  const started = settler<{ ready: Ready } | { unfit: Problem }>();
  let current: ((outcome: Outcome) => void) | undefined;
  let batches = 0;
  let serving = false;
  let ended = false;

  const finish = (outcome: Outcome) => {
    const settle = current;
    current = undefined;
    settle?.(outcome);
  };
  const gone = (problem: Problem) => {
    if (ended) return;
    ended = true;
    if (!serving) started.settle({ unfit: problem });
    else if (current) finish({ gone: problem });
    else onGone(problem);
  };
  const end = async (): Promise<boolean> => {
    ended = true;
    finish({ gone: faults.problem('model.stopped', { id }) });
    if (new NativeGate(gate).close()) void worker.terminate();
    const exit = exited.then(() => true);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, endMs, false);
    });
    const whole = await Promise.race([exit, patience]);
    clearTimeout(timer);
    if (!whole) leaveBehind(worker, exited);
    return whole;
  };

  worker.on('message', (message: FromWorker) => {
    if ('ready' in message || 'unfit' in message) started.settle(message);
    else if (message.batch === batches) finish(message);
  });
  worker.on('error', (error) => gone(crash(error instanceof Error ? error.message : String(error))));
  worker.on('exit', (code) => gone(crash(`exit ${code}`)));

  const slow = setTimeout(() => {
    started.settle({ unfit: faults.problem('model.hung', { id, version, ms: startMs }) });
  }, startMs);
  const start = await started.promise;
  clearTimeout(slow);
  if ('unfit' in start) {
    await end();
    throw new Fault(start.unfit);
  }
  serving = true;

  return {
    ready: start.ready,
    async run(samples) {
      if (ended) return { gone: crash('it had ended before') };
      const { promise, settle } = settler<Outcome>();
      current = settle;
      batches += 1;
      const watchdog = setTimeout(() => {
        ended = true;
        finish({ gone: faults.problem('model.hung', { id, version, ms: hangMs }) });
      }, hangMs);
      worker.postMessage({ batch: batches, samples });
      const outcome = await promise;
      clearTimeout(watchdog);
      return outcome;
    },
    end,
    exited,
  };
}

/**
 * Node waits for every thread at its end, for this one it may be without end: the process leaves by a signal instead,
 * after all else was closed.
 */
function leaveBehind(worker: Worker, exited: Promise<void>): void {
  worker.unref();
  const leave = () => process.kill(process.pid, 'SIGKILL');
  process.once('exit', leave);
  void exited.then(() => process.off('exit', leave));
}
