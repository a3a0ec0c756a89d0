import { type MessagePort, parentPort } from 'node:worker_threads';
import { type FenceReader, fenceReader } from '#flows/geo/fences';
import { buildGrid } from '#flows/geo/grid-build';
import type { FromWorker, ToWorker } from './protocol.ts';

/** The thread that builds fence sets: the box's own goes on with its messages meanwhile. */

function finish(job: number, reader: FenceReader): FromWorker {
  const { problems, fences, shapes } = reader.finish();
  const [problem] = problems;
  if (problem) return { job, problem };
  try {
    return { job, built: { set: { fences, shapes }, grid: buildGrid(shapes) } };
  } catch (error) {
    return { job, problem: { path: '', message: error instanceof Error ? error.message : String(error) } };
  }
}

/** What is handed over instead of copied. */
function buffersOf(message: FromWorker): ArrayBuffer[] {
  if (!('built' in message)) return [];
  const { set, grid } = message.built;
  const { vertices, rings, parts, fences } = set.shapes;
  const arrays = [vertices, rings, parts, fences, grid.blocks, grid.fullStarts, grid.full, grid.cells];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

function serve(port: MessagePort): void {
  let job = 0;
  let reader = fenceReader();
  port.on('message', (message: ToWorker) => {
    if ('begin' in message) {
      job = message.begin;
      reader = fenceReader(message.positions);
    } else if ('features' in message) {
      reader.add(message.features);
      port.postMessage({ job, taken: true } satisfies FromWorker);
    } else {
      const answer = finish(job, reader);
      reader = fenceReader();
      port.postMessage(answer, buffersOf(answer));
    }
  });
}

if (parentPort) serve(parentPort);
