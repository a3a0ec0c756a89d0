import type { LoadedBundle } from '#models/bundle/load';
import { Runner, runnerDefaults } from '#models/runner/runner';
import { sharedCopy, type Tensors } from '#models/runner/tensor';
import { inputsOf } from './bundle.ts';

export interface Pipeline {
  /** Samples a second over so many of them. */
  perSecond(samples: number): Promise<number>;
  /** Of all rounds: ms from the call to the answer, and samples of a run on average. */
  seen(): { readonly latencies: readonly number[]; readonly batch: number };
  close(): Promise<void>;
}

/** Inputs as they lie in a scan's shared memory. */
const shared = (inputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, { data: sharedCopy(data), dims }]),
  );

/** The runner as a box has it: handles in, a queue, joining, threads; its threads as nice as the bare loop's. */
export async function pipeline(
  bundle: LoadedBundle,
  { workers, maxBatch, streams }: { workers: number; maxBatch: number; streams: number },
): Promise<Pipeline> {
  const runner = new Runner(bundle, { ...runnerDefaults, workers, maxBatch, niceness: 0 }, undefined);
  await runner.start();
  const scans = Array.from({ length: streams }, () => shared(inputsOf(bundle)));
  const latencies: number[] = [];
  return {
    async perSecond(samples) {
      const begin = performance.now();
      let left = samples;
      const stream = async (inputs: Tensors) => {
        while (left-- > 0) {
          const asked = performance.now();
          await runner.run(inputs);
          latencies.push(performance.now() - asked);
        }
      };
      await Promise.all(scans.map(stream));
      return (samples / (performance.now() - begin)) * 1000;
    },
    seen() {
      const { runs, samples } = runner.health();
      return { latencies, batch: samples / runs };
    },
    close: () => runner.close(),
  };
}
