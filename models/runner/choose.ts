import { Fault } from '#flows/fault';
import { goldenDifference, goldenInputs } from '../bundle/golden.ts';
import { faults } from '../faults.ts';
import { joinSamples } from './batch-memory.ts';
import type { Candidate, Engine, EngineSetup } from './engine.ts';
import type { Ready, WorkerSetup } from './protocol.ts';

const warmRuns = 3;

type Setup = WorkerSetup & EngineSetup;

async function candidates(setup: Setup): Promise<Candidate[]> {
  // Each runtime is tens of megabytes: only the one that is needed is loaded.
  if (setup.manifest.format === 'tfjs') return (await import('./tfjs.ts')).tfjsCandidates(setup);
  if (setup.manifest.format === 'calibration')
    return (await import('./calibration.ts')).calibrationCandidates(setup);
  if (setup.manifest.format === 'tables') return (await import('./ore-tables.ts')).tablesCandidates(setup);
  return (await import('./onnx.ts')).onnxCandidates(setup);
}

/**
 * The first provider of the order that opens the model and gives its golden outputs, warmed up. Throws the
 * last one's fault when none does.
 */
export async function chooseEngine(setup: Setup): Promise<{ engine: Engine; ready: Ready }> {
  const list = await candidates(setup);
  const { id, version } = setup.manifest;
  const skipped: Ready['skipped'][number][] = [];
  for (const [place, { provider, open }] of list.entries()) {
    let engine: Engine | undefined;
    try {
      engine = await open();
      const sampleMs = await prove(engine, setup);
      return { engine, ready: { provider: engine.provider, skipped, sampleMs } };
    } catch (error) {
      await engine?.close();
      const next = list[place + 1]?.provider;
      const detail = error instanceof Error ? firstLine(error.message) : String(error);
      if (next === undefined) {
        throw error instanceof Fault ? error : faults.fault('model.load', { id, version, detail });
      }
      skipped.push(faults.problem('model.provider', { provider, id, detail, next }));
    }
  }
  throw faults.fault('model.load', { id, version, detail: 'no provider was asked for' });
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

/** Golden outputs, alone and in the largest batch; these runs warm the model up. Returns ms of one sample. */
async function prove(engine: Engine, { folder, manifest, golden, maxBatch }: WorkerSetup): Promise<number> {
  const times: number[] = [];
  const check = (at: number, outputs: Awaited<ReturnType<Engine['run']>>) => {
    const detail = goldenDifference(folder, manifest, at, golden, outputs, engine.provider);
    if (detail === undefined) return;
    const { id, version } = manifest;
    throw faults.fault('bundle.golden', { id, version, provider: engine.provider, detail }, folder);
  };
  for (const at of golden.cases.keys()) {
    const inputs = goldenInputs(folder, manifest, at, golden);
    for (let run = 0; run < warmRuns; run++) {
      const begin = performance.now();
      const outputs = await engine.run(inputs);
      times.push(performance.now() - begin);
      if (run === 0) check(at, outputs);
    }
    if (maxBatch < 2) continue;
    const { joined, sampleOf } = joinSamples(
      manifest,
      Array.from({ length: maxBatch }, () => inputs),
    );
    check(at, sampleOf(await engine.run(joined), maxBatch - 1));
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}
