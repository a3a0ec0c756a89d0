import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { faults } from '../faults.ts';
import type { Candidate, Engine, EngineSetup } from './engine.ts';
import type { Tensor, TensorData, Tensors } from './tensor.ts';

/** The package of the native runtime; it is no dependency, and used where it was installed (docs/gpu.md). */
const nativePackage = '@tensorflow/tfjs-node-gpu';

/**
 * A TensorFlow.js model: on the GPU where one is asked for and tfjs-node-gpu is installed, else in WebAssembly,
 * else in plain JavaScript.
 */
export function tfjsCandidates(setup: EngineSetup): Candidate[] {
  const gpu = setup.providers.some((provider) => provider === 'cuda' || provider === 'tensorrt');
  const open = (backend: 'tensorflow' | 'wasm' | 'cpu'): Candidate => ({
    provider: backend,
    open: () => openOn(setup, backend),
  });
  return [...(gpu ? [open('tensorflow')] : []), open('wasm'), open('cpu')];
}

async function openOn(setup: EngineSetup, backend: 'tensorflow' | 'wasm' | 'cpu'): Promise<Engine> {
  tf.enableProdMode(); // it advertises its other packages otherwise
  if (backend === 'tensorflow') await import(nativePackage);
  if (backend === 'wasm') {
    const { resolve } = createRequire(import.meta.url);
    setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  await tf.ready();
  const model = await load(setup);
  checkNames(model, setup.manifest);
  return {
    provider: backend,
    run: (feeds) => run(model, feeds),
    close: async () => void model.dispose(),
  };
}

type Model = tf.GraphModel | tf.LayersModel;

/** From files, without a file system of TensorFlow.js's own. */
async function load({ folder, manifest }: EngineSetup): Promise<Model> {
  const json = JSON.parse(await readFile(join(folder, manifest.model), 'utf8')) as tf.io.ModelJSON;
  const groups = json.weightsManifest ?? [];
  const parts = await Promise.all(
    groups.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, dirname(manifest.model), path))),
  );
  const artifacts: tf.io.ModelArtifacts = {
    modelTopology: json.modelTopology,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(parts)).buffer,
    ...(json.format !== undefined && { format: json.format as string }),
    ...(json.signature !== undefined && { signature: json.signature }),
  };
  const source = tf.io.fromMemory(artifacts);
  return json.format === 'graph-model' ? tf.loadGraphModel(source) : tf.loadLayersModel(source);
}

/** TensorFlow appends the number of the output: `x:0`. */
const bare = (name: string): string => name.replace(/:\d+$/, '');

/** Names as bundle.yaml has them: a layers model's are those of its layers, a graph's those of its nodes. */
function namesOf(model: Model): { input: string[]; output: string[] } {
  if (!(model instanceof tf.GraphModel)) return { input: model.inputNames, output: model.outputNames };
  const names = (tensors: readonly { name: string }[]) => tensors.map(({ name }) => bare(name));
  return { input: names(model.inputs), output: names(model.outputs) };
}

function checkNames(model: Model, { id, version, inputs, outputs }: EngineSetup['manifest']): void {
  const found = namesOf(model);
  for (const [what, specs] of [
    ['input', inputs],
    ['output', outputs],
  ] as const) {
    for (const { name } of specs) {
      if (found[what].includes(name)) continue;
      const detail = `it has no ${what} ${name}; it has ${found[what].join(', ')}`;
      throw faults.fault('bundle.shape', { id, version, detail });
    }
  }
}

function toTf({ data, dims }: Tensor): tf.Tensor {
  const type = data instanceof Float32Array ? 'float32' : 'int32';
  return tf.tensor(type === 'int32' ? Int32Array.from(data) : data, [...dims], type);
}

async function run(model: Model, feeds: Tensors): Promise<Tensors> {
  const names = namesOf(model);
  const results = tf.tidy(() => {
    const inputs = names.input.map((name) => {
      const tensor = feeds[name];
      if (!tensor) throw new Error(`the input ${name} is missing`);
      return toTf(tensor);
    });
    const given = model instanceof tf.GraphModel ? model.execute(inputs) : model.predict(inputs);
    return (Array.isArray(given) ? given : [given]) as tf.Tensor[];
  });
  try {
    const entries = await Promise.all(
      results.map(async (result, at): Promise<[string, Tensor]> => {
        const data = (await result.data()) as TensorData;
        return [names.output[at] ?? '', { data, dims: result.shape }];
      }),
    );
    return Object.fromEntries(entries);
  } finally {
    tf.dispose(results);
  }
}
