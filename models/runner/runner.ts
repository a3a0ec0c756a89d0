import { pathToFileURL } from 'node:url';
import type { Problem } from '#flows/fault';
import { Refusal } from '#flows/process';
import type { LoadedBundle } from '../bundle/load.ts';
import { faults } from '../faults.ts';
import type { RunCall, RunModel } from '../tasks/task.ts';
import { isBatchable } from './batch-memory.ts';
import { checkInputs } from './check-inputs.ts';
import { builtModule } from './place.ts';
import type { Provider, Sample, WorkerSetup } from './protocol.ts';
import { BatchQueue, type Waiting } from './queue.ts';
import type { Tensors } from './tensor.ts';
import { startThread, type Thread } from './thread.ts';

export interface RunnerOptions {
  /** In the order in which they are tried. */
  readonly providers: readonly Provider[];
  /** Threads that run the model side by side. */
  readonly workers: number;
  /** Threads inside one run of the model. */
  readonly threads: number;
  /** Samples joined in one run at most. */
  readonly maxBatch: number;
  /** Samples that wait at most. */
  readonly capacity: number;
  /** Milliseconds after which an answer is of no use, unless the call says otherwise. */
  readonly deadlineMs: number;
  /** Milliseconds after which a run counts as hung. */
  readonly hangMs: number;
  /** Niceness of the threads above that of the process. */
  readonly niceness: number;
}

export const runnerDefaults: RunnerOptions = {
  providers: ['cpu'],
  workers: 1,
  threads: 1,
  maxBatch: 4,
  capacity: 64,
  deadlineMs: 10_000,
  hangMs: 30_000,
  niceness: 5,
};

/** Waits between starts of a thread that ends again and again. */
const backOffMs = { first: 250, most: 30_000 };
/** Threads that may be left behind in native code before the model is given up. */
const mostStuck = 2;

export interface RunnerHealth {
  readonly provider: string;
  /** Providers that were tried before, and why they are not used. */
  readonly skipped: readonly Problem[];
  readonly workers: { readonly wanted: number; readonly running: number };
  readonly waiting: number;
  readonly restarts: number;
  readonly runs: number;
  readonly samples: number;
  readonly refused: Readonly<Record<string, number>>;
  /** What went wrong last. */
  readonly problem?: Problem;
}

interface Request extends Waiting, Sample {
  readonly deadlineMs: number;
  readonly settle: { resolve(outputs: Tensors): void; reject(error: Refusal): void };
}

/** One version of one model: a queue and its threads. */
export class Runner {
  readonly bundle: LoadedBundle;
  readonly #options: RunnerOptions;
  readonly #setup: WorkerSetup;
  readonly #queue: BatchQueue<Request>;
  readonly #idle = new Set<Thread>();
  readonly #threads = new Set<Thread>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #refused: Record<string, number> = {};
  #expiry: NodeJS.Timeout | undefined;
  #first: Thread['ready'] | undefined;
  #problem: Problem | undefined;
  #counts = { restarts: 0, runs: 0, samples: 0, stuck: 0, owed: 0, underWay: 0 };
  #closed = false;
  #whenDone: (() => void)[] = [];

  constructor(bundle: LoadedBundle, options: RunnerOptions, prepare: string | undefined) {
    this.bundle = bundle;
    this.#options = options;
    this.#queue = new BatchQueue(options.capacity);
    const { folder, manifest, golden } = bundle;
    this.#setup = {
      folder,
      manifest,
      golden,
      providers: options.providers.includes('cpu') ? options.providers : [...options.providers, 'cpu'],
      threads: options.threads,
      maxBatch: isBatchable(manifest) ? options.maxBatch : 1,
      niceness: options.niceness,
      prepare: prepare === undefined ? undefined : prepareAddress(prepare),
    };
  }

  /** Loads, proves and warms up the model in every thread. Rejects with the fault for which it is not used. */
  async start(): Promise<void> {
    const threads = await Promise.allSettled(
      Array.from({ length: this.#options.workers }, () => this.#startThread()),
    );
    const failed = threads.find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return;
    await this.close();
    throw failed.reason;
  }

  readonly run: RunModel = (inputs, call = {}) => {
    const { id } = this.bundle.manifest;
    const wrong = this.#setup.prepare === undefined && checkInputs(this.bundle.manifest, inputs);
    if (wrong) return this.#refuse('model.input', { id, detail: wrong });
    if (this.#closed) return this.#refuse('model.stopped', { id });
    if (this.#counts.stuck > mostStuck && this.#problem) return this.#refusal(this.#problem);
    return new Promise((resolve, reject) => this.#enter(inputs, call, { resolve, reject }));
  };

  #enter(inputs: Tensors, call: RunCall, settle: Request['settle']): void {
    const { id } = this.bundle.manifest;
    const deadlineMs = call.deadlineMs ?? this.#options.deadlineMs;
    const key = Object.values(inputs)
      .map(({ dims }) => dims.join('x'))
      .join();
    const deadline = performance.now() + deadlineMs;
    const request: Request = { inputs, params: call.params, key, deadline, alone: false, deadlineMs, settle };
    if (!this.#queue.push(request)) {
      settle.reject(this.#count(faults.problem('model.busy', { id, waiting: this.#queue.length })));
      return;
    }
    call.signal?.onStop(() => {
      if (this.#queue.remove(request)) settle.reject(this.#count(faults.problem('model.stopped', { id })));
    });
    this.#pump();
  }

  health(): RunnerHealth {
    const { restarts, runs, samples } = this.#counts;
    return {
      provider: this.#first?.provider ?? 'none',
      skipped: this.#first?.skipped ?? [],
      workers: { wanted: this.#options.workers, running: this.#threads.size },
      waiting: this.#queue.length,
      restarts,
      runs,
      samples,
      refused: { ...this.#refused },
      ...(this.#problem && { problem: this.#problem }),
    };
  }

  /** Nothing waits and nothing runs. */
  async drained(): Promise<void> {
    while (this.#queue.length + this.#counts.underWay > 0) {
      await new Promise<void>((resolve) => this.#whenDone.push(resolve));
    }
  }

  /** Ends the threads; what waits is rejected with `model.stopped`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#expiry);
    for (const timer of this.#timers) clearTimeout(timer);
    const { id } = this.bundle.manifest;
    for (const request of this.#queue.clear()) {
      request.settle.reject(this.#count(faults.problem('model.stopped', { id })));
    }
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
    this.#idle.clear();
  }

  async #startThread(): Promise<void> {
    const thread: Thread = await startThread(this.#setup, this.#options.hangMs, (problem) =>
      this.#lost(thread, problem),
    );
    if (this.#closed) {
      await thread.end();
      return;
    }
    this.#first = thread.ready;
    this.#threads.add(thread);
    this.#idle.add(thread);
    this.#pump();
  }

  /** A thread is gone: another one takes its place, later each time. */
  #lost(thread: Thread, problem: Problem): void {
    this.#problem = problem;
    this.#threads.delete(thread);
    this.#idle.delete(thread);
    void thread.end().then((whole) => {
      if (!whole) this.#leftBehind(thread);
      this.#restart(backOffMs.first);
    });
  }

  /** Its place is free again when its native code has come back after all, as on a machine that was far too slow. */
  #leftBehind(thread: Thread): void {
    this.#counts.stuck += 1;
    void thread.exited.then(() => {
      this.#counts.stuck -= 1;
      if (this.#counts.stuck > mostStuck) return;
      for (; this.#counts.owed > 0; this.#counts.owed--) this.#restart(backOffMs.first);
    });
  }

  #restart(delayMs: number): void {
    if (this.#closed) return;
    if (this.#counts.stuck > mostStuck) {
      this.#counts.owed += 1;
      for (const request of this.#queue.clear()) request.settle.reject(this.#count(this.#problem));
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#counts.restarts += 1;
      this.#startThread().catch((error: unknown) => {
        this.#problem = problemOf(error) ?? this.#problem;
        this.#restart(Math.min(delayMs * 2, backOffMs.most));
      });
    }, delayMs);
    this.#timers.add(timer);
  }

  #pump(): void {
    this.#expire();
    for (const thread of this.#idle) {
      const batch = this.#queue.take(this.#setup.maxBatch);
      if (batch.length === 0) break;
      this.#idle.delete(thread);
      void this.#runBatch(thread, batch);
    }
    if (this.#queue.length + this.#counts.underWay === 0) {
      for (const done of this.#whenDone.splice(0)) done();
    }
  }

  /** What is late is told so at once, whether a thread is free or not. */
  #expire(): void {
    clearTimeout(this.#expiry);
    const now = performance.now();
    for (const request of this.#queue.expire(now)) this.#late(request);
    const next = this.#queue.nextDeadline();
    if (next !== undefined) this.#expiry = setTimeout(() => this.#pump(), Math.max(1, next - now));
  }

  #late({ deadlineMs, settle }: Request): void {
    const { id } = this.bundle.manifest;
    settle.reject(this.#count(faults.problem('model.late', { id, ms: Math.round(deadlineMs) })));
  }

  async #runBatch(thread: Thread, batch: readonly Request[]): Promise<void> {
    this.#counts.underWay += 1;
    this.#counts.runs += 1;
    // Whoever waits is answered at the deadline, though the run goes on.
    const timers = batch.map((request) =>
      setTimeout(() => this.#late(request), Math.max(1, request.deadline - performance.now())),
    );
    const samples = batch.map(({ inputs, params }) => ({ inputs, params }));
    const outcome = await thread.run(samples);
    for (const timer of timers) clearTimeout(timer);
    this.#counts.underWay -= 1;
    if ('outputs' in outcome) {
      this.#counts.samples += batch.length;
      for (const [at, { settle }] of batch.entries()) settle.resolve(outcome.outputs[at] ?? {});
    } else this.#blame(batch, outcome);
    if ('gone' in outcome) this.#lost(thread, outcome.gone);
    else if (!this.#closed) this.#idle.add(thread);
    this.#pump();
  }

  /** One sample is at fault, not its neighbours: each of them is tried again alone. */
  #blame(batch: readonly Request[], outcome: { failed: string } | { gone: Problem }): void {
    if (batch.length > 1 && !this.#closed) {
      this.#queue.putBack(batch.map((request) => ({ ...request, alone: true })));
      return;
    }
    const { id } = this.bundle.manifest;
    const problem =
      'gone' in outcome ? outcome.gone : faults.problem('model.input', { id, detail: outcome.failed });
    for (const { settle } of batch) settle.reject(this.#count(problem));
  }

  #count(problem: Problem | undefined): Refusal {
    const { code, message } = problem ?? faults.problem('model.stopped', { id: this.bundle.manifest.id });
    this.#refused[code] = (this.#refused[code] ?? 0) + 1;
    return new Refusal(code, message);
  }

  #refuse(code: Parameters<typeof faults.problem>[0], fields: Record<string, string>): Promise<never> {
    return this.#refusal(faults.problem(code, fields));
  }

  #refusal(problem: Problem): Promise<never> {
    return Promise.reject(this.#count(problem));
  }
}

function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && 'problem' in error ? (error.problem as Problem) : undefined;
}

/** A task's module of the product by its path below models/; one of a test by its address. */
function prepareAddress(path: string): string {
  if (path.startsWith('file:')) return path;
  return path.startsWith('/') ? pathToFileURL(path).href : builtModule(path).href;
}
