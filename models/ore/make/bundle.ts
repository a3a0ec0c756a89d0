import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { sha256Hex } from '#flows/trust/canonical';
import type { BundleManifest, Golden } from '../../bundle/schema.ts';
import { analytes } from '../analytes.ts';
import { spectralFeatures } from '../features.ts';
import { OreJudge } from '../judge.ts';
import { unpacked } from '../packed.ts';
import { bodySize } from '../picture-body.ts';
import { pictureSize } from '../picture-features.ts';
import { PictureJudge } from '../pictures.ts';
import type { OreTables } from '../tables.ts';
import { runTables } from '../tensors.ts';

/**
 * Makes a bundle of tables (train.ts): the version is that of the tables.
 *
 *   node dist/models/ore/make/bundle.js TABLES.json FOLDER
 */
const [from = '', folder = ''] = process.argv.slice(2);
const tables = JSON.parse(readFileSync(from, 'utf8')) as OreTables;
const [judge, pictures] = [new OreJudge(tables), new PictureJudge(tables.pictures)];
const bodies = unpacked(tables.pictures.kinds.means, tables.pictures.kinds.labels.length * bodySize);

/** Every brand's usual ore, and ore that is off in all of its features, with a foreign body of one kind after the other on it. */
const cases = tables.brands.flatMap(({ name, mean }, place) =>
  [0, 0.05].map((off) => {
    const values = Array.from(unpacked(mean, spectralFeatures), (value, k) => value + off * ((k % 3) - 1));
    const features = { dims: [1, spectralFeatures], values };
    const brand = { dims: [1, 1], values: [place] };
    const usual = unpacked(tables.pictures.brands[place]?.mean ?? '', pictureSize);
    const look = { dims: [1, pictureSize], values: Array.from(usual, (value) => value + off) };
    const kind = (place % tables.pictures.kinds.labels.length) * bodySize;
    const like = bodies.subarray(kind, kind + bodySize);
    const body = { dims: [1, bodySize], values: Array.from(like, (value) => value + 4 * off) };
    const asTensor = ({ dims, values: row }: { dims: number[]; values: number[] }) => ({
      data: Float64Array.from(row),
      dims,
    });
    const found = runTables(judge, pictures, {
      features: asTensor(features),
      brand: { data: Int32Array.of(place), dims: brand.dims },
      look: asTensor(look),
      body: asTensor(body),
    });
    const outputs = Object.fromEntries(
      Object.entries(found).map(([output, { data, dims }]) => [
        output,
        { dims: [...dims], values: Array.from(data as Float64Array) },
      ]),
    );
    return {
      name: `${name}, ${off === 0 ? 'usual' : 'off'}`,
      inputs: { features, brand, look, body },
      outputs,
    };
  }),
);
const golden: Golden = { tolerance: { default: { absolute: 1e-6, relative: 1e-6 } }, cases };

mkdirSync(folder, { recursive: true });
const at = join(folder, 'tables.json');
if (resolve(from) !== resolve(at)) copyFileSync(from, at);
writeFileSync(join(folder, 'golden.json'), `${JSON.stringify(golden)}\n`);
const hash = (file: string) => sha256Hex(readFileSync(join(folder, file)));
const manifest: BundleManifest = {
  id: 'iron-ore',
  version: tables.version,
  task: 'iron-ore',
  title: 'Iron ore on a belt',
  summary:
    'Brand, composition, waste, impurities, looks and foreign bodies of iron ore, for the stages of a berth.',
  validation: 'simulated',
  format: 'tables',
  model: 'tables.json',
  inputs: [
    {
      name: 'features',
      type: 'float64',
      shape: ['batch', spectralFeatures],
      unit: '1',
      meaning: 'Features of a window of both spectrometers.',
      preprocessing:
        'models/ore/measure.ts and features.ts, from spectra of any axis that reaches far enough.',
    },
    {
      name: 'brand',
      type: 'int32',
      shape: ['batch', 1],
      unit: '1',
      meaning: 'Place of the declared brand among those of tables.json.',
    },
    {
      name: 'look',
      type: 'float64',
      shape: ['batch', pictureSize],
      unit: '1',
      meaning: 'Features of a picture of the belt.',
      preprocessing: 'models/ore/picture-cells.ts and picture-features.ts, of a picture of 1 mm a pixel.',
    },
    {
      name: 'body',
      type: 'float64',
      shape: ['batch', bodySize],
      unit: '1',
      meaning: 'Features of the strangest piece of a picture.',
      preprocessing: 'models/ore/picture-strange.ts and picture-body.ts.',
    },
  ],
  outputs: [
    {
      name: 'waste',
      type: 'float64',
      shape: ['batch', 3],
      unit: '1',
      meaning:
        'Deviations along the likeliest known waste and line, and T2, of a window at the beginning of a lot.',
    },
    {
      name: 'composition',
      type: 'float64',
      shape: ['batch', analytes.length],
      unit: '%',
      meaning: `Mass percent: ${analytes.join(', ')}.`,
    },
    {
      name: 'unlike',
      type: 'float64',
      shape: ['batch', 1],
      unit: '1',
      meaning: "T2 of a picture's look at the beginning of a lot.",
    },
    {
      name: 'kind',
      type: 'float64',
      shape: ['batch', 1],
      unit: '1',
      meaning: 'How surely the piece is of the likeliest kind of foreign body.',
    },
  ],
  labels: ['clean', ...tables.wastes, ...new Set(tables.pictures.kinds.labels)],
  thresholds: { unified: { windowP: 0.001 } },
  calibration: {
    method: 'p-values by split conformal prediction, with an exponential tail',
    data: 'clean lots of simulated berths that nothing was trained on',
    parameters: {},
  },
  training: {
    data: 'simulated spectra and pictures of ore, models/physics/ore',
    provenance: 'models/ore/make/simulate.ts and simulate-pictures.ts make it again',
    code: 'models/ore/make',
  },
  metrics: [],
  limits: {
    statements: [
      'Simulated ore, wastes and instruments alone; docs/ore-models.md has the figures.',
      `Judges ore of ${tables.brands.map(({ name }) => name).join(', ')}; of any other brand it says no more than a composition.`,
    ],
  },
  licence: 'UNLICENSED',
  files: Object.fromEntries(['tables.json', 'golden.json', 'CARD.md'].map((file) => [file, hash(file)])),
};
writeFileSync(join(folder, 'bundle.yaml'), stringify(manifest, { lineWidth: 110 }));
