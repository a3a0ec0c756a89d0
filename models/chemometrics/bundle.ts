import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { goldenDifference, goldenInputs } from '../bundle/golden.ts';
import {
  type LoadedBundle,
  type LoadOptions,
  loadBundle,
  manifestFile,
  readManifest,
} from '../bundle/load.ts';
import type { BundleManifest, Golden, TensorSpec } from '../bundle/schema.ts';
import { faults as bundleFaults } from '../faults.ts';
import { readCalibration, type StoredCalibration, writeCalibration } from './calibration-file.ts';
import { runCalibration } from './calibration-tensors.ts';
import { faults } from './faults.ts';
import { Predictor } from './predictor.ts';
import type { Instrument } from './technique.ts';

export const calibrationTask = 'spectral-calibration';

const dashed = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Id of a calibration of some property, for the mine or instrument that `name` names: letters and digits with dashes. */
export const calibrationId = (target: string, name = ''): string =>
  ['pls', dashed(target) || 'target', ...(dashed(name) === '' ? [] : [dashed(name)])].join('-');
/** Id of a calibration on another instrument. */
export const transferredId = (id: string, name = ''): string => `${id}-${dashed(name) || 'transferred'}`;

const modelFile = 'model.json';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Spectra with what must come of them: what proves that a copy of the bundle still says the same. */
function goldenOf(calibration: StoredCalibration, spectra: readonly Float64Array[]): Golden {
  const predictor = new Predictor(calibration);
  const cases = spectra.map((spectrum, i) => {
    const found = predictor.predict(spectrum);
    const outputs = Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, { dims: [1, 1], values: [value as number] }]),
    );
    const values = Array.from(spectrum);
    return { name: `spectrum ${i + 1}`, inputs: { spectrum: { dims: [1, values.length], values } }, outputs };
  });
  return { tolerance: { default: { absolute: 1e-9, relative: 1e-9 } }, cases };
}

/** Patch of the version that is there already counts up; a folder with anything else is left alone. */
async function nextVersion(folder: string, id: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length === 0) return '1.0.0';
  const refuse = () => faults.fault('calibration.out', { folder, id }, folder);
  if (!names.includes(manifestFile)) throw refuse();
  const file = join(folder, manifestFile);
  const there = readManifest(await readFile(file, 'utf8'), file);
  if (there.id !== id || there.task !== calibrationTask) throw refuse();
  const [major, minor, patch] = there.version.split('.').map(Number);
  return `${major}.${minor}.${(patch ?? 0) + 1}`;
}

export type Description = Pick<
  BundleManifest,
  'id' | 'title' | 'summary' | 'training' | 'metrics' | 'limits'
> & {
  /** Unit of the values, UCUM. */
  readonly unit: string;
  readonly instrument: Instrument;
};

/**
 * Writes a calibration's bundle, whole or not at all. Over an earlier version of the same calibration it takes the next
 * version; throws `calibration.out` for a folder that holds anything else.
 */
export async function writeCalibrationBundle(
  folder: string,
  calibration: StoredCalibration,
  description: Description,
  card: (version: string) => string,
  examples: readonly Float64Array[],
): Promise<string> {
  const version = await nextVersion(folder, description.id);
  const golden = goldenOf(calibration, examples);
  const files: Record<string, string> = {
    [modelFile]: writeCalibration(calibration),
    'golden.json': `${JSON.stringify(golden)}\n`,
    'CARD.md': card(version),
  };
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
  const manifest = manifestOf(calibration, description, version, hashes);
  const parent = dirname(folder);
  const part = join(parent, `.${basename(folder)}.${process.pid}.part`);
  await mkdir(part, { recursive: true });
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(part, name), text);
    await writeFile(join(part, manifestFile), stringify(manifest, { lineWidth: 110 }));
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return version;
}

function manifestOf(
  calibration: StoredCalibration,
  description: Description,
  version: string,
  files: Record<string, string>,
): BundleManifest {
  const { id, title, summary, training, metrics, limits, unit, instrument } = description;
  const points = calibration.transfer?.axis.length ?? calibration.axis.length;
  const number = (name: string, unit: string, meaning: string): TensorSpec => ({
    name,
    type: 'float64',
    shape: ['batch', 1],
    unit,
    meaning,
  });
  const { confidence, sigma, freedom } = calibration.uncertainty;
  return {
    id,
    version,
    task: calibrationTask,
    title,
    summary,
    validation: 'laboratory',
    format: 'calibration',
    model: modelFile,
    inputs: [
      {
        name: 'spectrum',
        type: 'float64',
        shape: ['batch', points],
        unit: '1',
        meaning: 'a raw spectrum at the wavelengths that model.json lists',
        preprocessing: 'none: the calibration does its own, models/chemometrics/engine.ts',
      },
    ],
    outputs: [
      number('value', unit, `${calibration.target}, in the unit of the reference values`),
      number('lower', unit, `lower end of the ${100 * confidence} % prediction interval`),
      number('upper', unit, `upper end of the ${100 * confidence} % prediction interval`),
      number('t2', '1', "Hotelling's T2"),
      number('q', '1', 'squared residual of the preprocessed spectrum'),
    ],
    labels: [calibration.target],
    thresholds: { unified: { t2: calibration.t2Limit, q: calibration.qLimit } },
    calibration: {
      method: 'prediction interval of errors in cross-validation and leverage',
      parameters: { confidence, sigma, freedom },
    },
    parameters: { ...instrument },
    training,
    metrics,
    limits,
    licence: 'LicenseRef-laboratory',
    files,
  };
}

/**
 * Reads a calibration's bundle: manifest, hashes, signature, and its golden predictions made again. Throws what
 * `loadBundle` throws, `calibration.bundle`, and `bundle.golden`.
 */
export async function loadCalibration(
  folder: string,
  options: LoadOptions = {},
): Promise<{ readonly bundle: LoadedBundle; readonly calibration: StoredCalibration }> {
  const bundle = await loadBundle(folder, options);
  const { manifest, golden } = bundle;
  if (manifest.format !== 'calibration') {
    throw faults.fault('calibration.bundle', { detail: `its format is ${manifest.format}` }, folder);
  }
  const file = bundle.file(manifest.model);
  const calibration = readCalibration(await readFile(file, 'utf8'), file);
  const predictor = new Predictor(calibration);
  for (const at of golden.cases.keys()) {
    const outputs = runCalibration(predictor, goldenInputs(folder, manifest, at, golden));
    const detail = goldenDifference(folder, manifest, at, golden, outputs, 'cpu');
    if (detail === undefined) continue;
    const { id, version } = manifest;
    throw bundleFaults.fault('bundle.golden', { id, version, provider: 'cpu', detail }, folder);
  }
  return { bundle, calibration };
}
