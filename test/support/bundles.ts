import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { sha256Hex } from '#flows/trust/canonical';
import type { BundleManifest, Golden, TensorSpec } from '#models/bundle/schema';
import { lineModel } from './networks.ts';

const tensor = (name: string, shape: TensorSpec['shape']): TensorSpec => ({
  name,
  type: 'float32',
  shape,
  unit: '1',
  meaning: 'numbers',
});

/** What the bundles of tests have in common; their model is `lineModel` unless they say otherwise. */
export const lineGolden: Golden = {
  tolerance: { default: { absolute: 1e-6, relative: 1e-6 } },
  cases: [
    {
      name: 'line',
      inputs: { x: { dims: [1, 4], values: [0, -1, -2, -0.5] } },
      outputs: { y: { dims: [1, 4], values: [1, -1, -3, 0] } },
    },
  ],
};

export interface BundleParts {
  readonly manifest?: Partial<BundleManifest>;
  readonly golden?: Golden;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
}

/** Writes a bundle with right hashes into a folder and returns the folder. */
export function writeBundle(
  folder: string,
  { manifest = {}, golden = lineGolden, files = {} }: BundleParts = {},
): string {
  const contents: Record<string, Uint8Array | string> = {
    'model.onnx': lineModel(),
    'golden.json': JSON.stringify(golden),
    'CARD.md': '# A model of the tests\n',
    ...files,
  };
  const document: BundleManifest = {
    id: 'line',
    version: '1.0.0',
    task: 'line',
    title: 'A line',
    summary: 'Doubles a number and adds one.',
    validation: 'simulated',
    format: 'onnx',
    model: 'model.onnx',
    inputs: [tensor('x', ['batch', 4])],
    outputs: [tensor('y', ['batch', 4])],
    labels: ['line'],
    thresholds: { unified: { line: 0.5 } },
    calibration: { method: 'none', parameters: {} },
    training: { data: 'none', provenance: 'written by hand', code: 'test/support/networks.ts' },
    metrics: [],
    limits: { statements: ['It is there for tests.'] },
    licence: 'UNLICENSED',
    files: Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, sha256Hex(content)])),
    ...manifest,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'bundle.yaml'), stringify(document));
  return folder;
}
