import { join } from 'node:path';
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { faults } from '../faults.ts';
import type { Candidate, Engine, EngineSetup } from './engine.ts';
import type { Provider } from './protocol.ts';
import type { Tensor, TensorData, Tensors } from './tensor.ts';

// A provider that is not there is told by us, once; the runtime would print it as an error.
env.logLevel = 'fatal';

/** The model under ONNX Runtime, by provider in the order asked for; what a provider cannot do runs on the CPU. */
export function onnxCandidates(setup: EngineSetup): Candidate[] {
  return setup.providers.map((provider) => ({ provider, open: () => open(setup, provider) }));
}

async function open({ folder, manifest, threads, native }: EngineSetup, provider: Provider): Promise<Engine> {
  const inside = <T>(work: () => Promise<T>): Promise<T> => (native ? native.inside(work) : work());
  const options: InferenceSession.SessionOptions = {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Threads of the pool that spin for work take it from whoever shares the core.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const session = await inside(() => InferenceSession.create(join(folder, manifest.model), options));
  checkNames(session, manifest);
  return {
    provider,
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor, name, manifest)]);
      return fromOrt(await inside(() => session.run(Object.fromEntries(tensors))));
    },
    close: () => inside(() => session.release()),
  };
}

function checkNames(
  session: InferenceSession,
  { id, version, inputs, outputs }: EngineSetup['manifest'],
): void {
  const compare = (what: string, said: readonly { name: string; type: string }[], found: Metadata) => {
    for (const { name, type } of said) {
      const there = found.find((entry) => entry.name === name);
      if (there?.isTensor && there.type === type) continue;
      const detail = `it has no ${what} ${name} of ${type}; it has ${found.map(({ name }) => name).join(', ')}`;
      throw faults.fault('bundle.shape', { id, version, detail });
    }
  };
  compare('input', inputs, session.inputMetadata);
  compare('output', outputs, session.outputMetadata);
  const extra = session.inputNames.find((name) => !inputs.some((input) => input.name === name));
  if (extra !== undefined) {
    throw faults.fault('bundle.shape', { id, version, detail: `it also wants the input ${extra}` });
  }
}
type Metadata = InferenceSession['inputMetadata'];

function toOrt({ data, dims }: Tensor, name: string, { inputs }: EngineSetup['manifest']): OrtTensor {
  const type = inputs.find((input) => input.name === name)?.type ?? 'float32';
  return new OrtTensor(type as 'float32', data as Float32Array, dims);
}

function fromOrt(results: InferenceSession.ReturnType): Tensors {
  const entries = Object.entries(results).map(([name, value]) => {
    const { data, dims, type } = value as OrtTensor;
    const known = ['float32', 'uint8', 'uint16', 'int32', 'bool'].includes(type);
    // Counts and indices come as int64: nothing that a model counts needs more than 32 bits.
    const array = known ? (data as TensorData) : Int32Array.from(data as BigInt64Array, Number);
    return [name, { data: array, dims }] as const;
  });
  return Object.fromEntries(entries);
}
