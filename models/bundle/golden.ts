import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrayOf, elementsOf, type Tensor, type TensorData, type Tensors } from '../runner/tensor.ts';
import type { BundleManifest, ElementType, Golden, GoldenTensor, TensorSpec, Tolerance } from './schema.ts';

const exact: Tolerance = { absolute: 0, relative: 0 };

/** A GPU rounds otherwise than a CPU: each provider has its tolerance. */
export const toleranceOf = ({ tolerance }: Golden, provider: string): Tolerance =>
  tolerance[provider] ?? tolerance['default'] ?? exact;

function values(folder: string, golden: GoldenTensor, type: ElementType): TensorData {
  const array = arrayOf(type);
  if (golden.values) return array.from(golden.values);
  const bytes = golden.file
    ? readFileSync(join(folder, golden.file))
    : Buffer.from(golden.base64 ?? '', 'base64');
  const copy = new Uint8Array(bytes); // aligned, and of no pool
  return new array(copy.buffer, 0, Math.floor(copy.length / array.BYTES_PER_ELEMENT));
}

/** Inputs of a golden case. Throws Error, in words, for one whose values do not fill its dimensions. */
export function goldenInputs(folder: string, manifest: BundleManifest, at: number, golden: Golden): Tensors {
  const said = golden.cases[at]?.inputs ?? {};
  const entries = manifest.inputs.map(({ name, type }): [string, Tensor] => {
    const given = said[name];
    if (!given) throw new Error(`the case has no input ${name}`);
    const data = values(folder, given, type);
    if (data.length !== elementsOf(given.dims)) {
      throw new Error(`input ${name} has ${data.length} values and not ${elementsOf(given.dims)}`);
    }
    return [name, { data, dims: given.dims }];
  });
  return Object.fromEntries(entries);
}

/** In words what differs most, or undefined when all is within the tolerance. */
export function goldenDifference(
  folder: string,
  manifest: BundleManifest,
  at: number,
  golden: Golden,
  outputs: Tensors,
  provider: string,
): string | undefined {
  const tolerance = toleranceOf(golden, provider);
  for (const [name, said] of Object.entries(golden.cases[at]?.outputs ?? {})) {
    const spec = manifest.outputs.find((output) => output.name === name);
    const found = outputs[name];
    if (!spec || !found) return `there is no output ${name}`;
    const problem = difference(folder, spec, said, found, tolerance);
    if (problem) return `${golden.cases[at]?.name}: ${name} ${problem}`;
  }
  return undefined;
}

function difference(
  folder: string,
  spec: TensorSpec,
  said: GoldenTensor,
  found: Tensor,
  { absolute, relative }: Tolerance,
): string | undefined {
  if (said.dims.join() !== found.dims.join()) return `is ${found.dims.join('x')}, not ${said.dims.join('x')}`;
  const wanted = values(folder, said, spec.type);
  const count = said.at?.length ?? elementsOf(said.dims);
  if (wanted.length !== count) return `has ${wanted.length} golden values, not ${count}`;
  for (let place = 0; place < count; place++) {
    const index = said.at?.[place] ?? place;
    const [want, have] = [wanted[place] ?? Number.NaN, found.data[index] ?? Number.NaN];
    // Written so that a NaN is a difference.
    if (!(Math.abs(have - want) <= absolute + relative * Math.abs(want))) {
      return `at ${index} is ${have}, not ${want}`;
    }
  }
  return undefined;
}
