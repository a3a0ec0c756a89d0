import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { loadBundle } from '#models/bundle/load';
import type { BundleManifest } from '#models/bundle/schema';
import { yamlStyle } from '#models/tasks/empty-container/eval/evaluate';
import { Kept } from '#models/tasks/empty-container/eval/kept';
import { HeldOutScans } from '#models/tasks/empty-container/eval/scans';
import { calibrate, type Seen } from './calibrate.ts';
import { writeGolden } from './golden.ts';
import { manifestOf } from './manifest.ts';

/**
 * Makes a bundle of what train.py made: `node dist/models/empty-container/make/bundle.js MODEL FOLDER --id ID
 * --version VERSION --scans N --steps STEPS [--share 1] [--data DIR]`. Golden outputs first, then calibration and threshold on
 * (a share of) the validation scans; the figures come from `quaywatch model eval ID --write`.
 */

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const write = (folder: string, manifest: BundleManifest): void =>
  writeFileSync(join(folder, 'bundle.yaml'), stringify(manifest, yamlStyle));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      id: { type: 'string', default: 'empty-container' },
      version: { type: 'string', default: '0.1.0' },
      scans: { type: 'string', default: '0' },
      steps: { type: 'string', default: '' },
      share: { type: 'string', default: '1' },
      data: { type: 'string' },
    },
  });
  const [model = 'model.onnx', folder = '.'] = positionals;
  mkdirSync(folder, { recursive: true });
  const given = { id: values.id, version: values.version, scans: Number(values.scans), steps: values.steps };
  const none = { method: 'none', parameters: { bias: 0, peak: 1, area: 0 } };
  const first = { ...given, calibration: none, thresholds: { unified: { loaded: 0.5 } }, files: {} };
  await writeGolden(folder, model, manifestOf(first));
  const files = Object.fromEntries(
    ['model.onnx', 'golden.json', 'golden.f32'].map((file) => [file, sha256(join(folder, file))]),
  );
  write(folder, manifestOf({ ...first, files }));
  const bundle = await loadBundle(folder);
  const scans = new HeldOutScans(values.data);
  const kept = new Kept<Seen>(values.data, bundle.manifest);
  const fitted = await calibrate(bundle, scans, kept, Number(values.share));
  write(folder, manifestOf({ ...given, ...fitted, files }));
}

await main();
