import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBundle } from '#models/bundle/load';
import { Runner, type RunnerOptions, runnerDefaults } from '#models/runner/runner';
import { sharedCopy, type Tensors } from '#models/runner/tensor';
import { type BundleParts, writeBundle } from './bundles.ts';

export const bundleFolder = (): string => join(mkdtempSync(join(tmpdir(), 'qw-bundle-')), 'bundle');

/** A started runner of a bundle of the tests. */
export async function startRunner(
  parts: BundleParts = {},
  options: Partial<RunnerOptions> = {},
  prepare?: string,
): Promise<Runner> {
  const bundle = await loadBundle(writeBundle(bundleFolder(), parts));
  const runner = new Runner(bundle, { ...runnerDefaults, ...options }, prepare);
  await runner.start();
  return runner;
}

/** One sample of the input `x`, in shared memory. */
export function row(...values: number[]): Tensors {
  return { x: { data: sharedCopy(Float32Array.from(values)), dims: [1, values.length] } };
}

export const valuesOf = (outputs: Tensors, name = 'y'): number[] => [...(outputs[name]?.data ?? [])];
