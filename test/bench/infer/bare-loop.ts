import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Tensors } from '#models/runner/tensor';

/** What someone would write who has ONNX Runtime and nothing else: a session on one thread, and `run` in a loop. */
const { model, inputs } = workerData as { model: string; inputs: Tensors };
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const feeds = Object.fromEntries(
  Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor(data as Float32Array, dims)]),
);
for (let warm = 0; warm < 3; warm++) await session.run(feeds);
parentPort?.on('message', async (runs: number) => {
  for (let run = 0; run < runs; run++) await session.run(feeds);
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
