import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LoadedBundle } from '#models/bundle/load';
import type { Tensors } from '#models/runner/tensor';

export interface BareLoop {
  /** Samples a second over so many of them, all loops together. */
  perSecond(samples: number): Promise<number>;
  close(): Promise<void>;
}

/** Loops of `session.run` and nothing else, one a thread, each with its session and its one input. */
export async function bareLoops(bundle: LoadedBundle, inputs: Tensors, threads: number): Promise<BareLoop> {
  const program = new URL('./bare-loop.js', import.meta.url);
  const workers = Array.from(
    { length: threads },
    () => new Worker(program, { workerData: { model: bundle.file(bundle.manifest.model), inputs } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async perSecond(samples) {
      const begin = performance.now();
      const done = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage(samples / threads);
      await Promise.all(done);
      return (samples / (performance.now() - begin)) * 1000;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
