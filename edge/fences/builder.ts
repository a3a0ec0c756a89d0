import { Worker } from 'node:worker_threads';
import type { Fault } from '#flows/fault';
import { countOf } from '#flows/geo/fences';
import type { BuiltFences } from '#flows/geo/prepared';
import { faults } from '../faults.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** Features that are handed over at once: some milliseconds of work for either side. */
export const pieceFeatures = 500;
/** What is read becomes typed arrays at once: young objects need no more room. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
/** Nobody builds anything for so long: the thread and its memory go, ms. */
const idleMs = 60_000;

/** Run from source, the thread is the built program all the same: Node 20 runs no TypeScript. */
function workerFile(): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(source ? '../../dist/edge/fences/worker.js' : './worker.js', import.meta.url);
}

interface Waiting {
  readonly answer: (message: FromWorker) => void;
  readonly reject: (fault: Fault) => void;
}

/** Builds fence sets in a thread of its own, one after the other. */
export class FenceBuilder {
  #worker: Worker | undefined;
  #jobs = 0;
  #waiting: Waiting | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /** Rejects with Fault `fences.invalid` or `fences.builder`. */
  build(name: string, features: readonly unknown[]): Promise<BuiltFences> {
    const next = this.#queue.then(() => this.#build(name, features));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  async #build(name: string, features: readonly unknown[]): Promise<BuiltFences> {
    clearTimeout(this.#idle);
    const worker = this.#open();
    const job = ++this.#jobs;
    const ask = (message: ToWorker) =>
      new Promise<FromWorker>((resolve, reject) => {
        this.#waiting = { answer: resolve, reject };
        worker.postMessage(message);
      });
    try {
      worker.postMessage({ begin: job, positions: countOf(features) } satisfies ToWorker);
      for (let at = 0; at < features.length; at += pieceFeatures)
        await ask({ features: features.slice(at, at + pieceFeatures) });
      const answer = await ask({ end: true });
      if ('built' in answer) return answer.built;
      const { path, message } =
        'problem' in answer ? answer.problem : { path: '', message: 'it gave no answer' };
      throw faults.fault('fences.invalid', { name, detail: message }, path);
    } finally {
      this.#waiting = undefined;
      this.#idle = setTimeout(() => void this.#worker?.terminate(), idleMs);
      this.#idle.unref();
    }
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile(), { execArgv: [], resourceLimits });
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#waiting?.answer(message));
    const gone = (detail: string) => {
      if (this.#worker === worker) this.#worker = undefined;
      this.#waiting?.reject(faults.fault('fences.builder', { detail }));
    };
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => gone(`it ended with ${code}`));
    this.#worker = worker;
    return worker;
  }
}
