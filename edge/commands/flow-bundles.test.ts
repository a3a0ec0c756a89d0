import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { sha256Hex } from '#flows/trust/canonical';
import { ModelShelf } from '#models/models';
import { analysed, lotSamples } from '#models/ore/fleet/samples';
import { openOreWorld } from '#models/physics/ore/berth';
import { commandRun, commandTyped } from '#test/support/command-run';
import { calibrationsOf } from '../calibrations.ts';
import { command as calibrate } from './calibrate.ts';
import { command as flow } from './flow.ts';

const root = mkdtempSync(join(tmpdir(), 'qw-flow-bundles-'));
const [bundles, at] = [join(root, 'bundles'), (name: string) => join(root, name)];
const world = openOreWorld();
const brand = world.materials.brands.find(({ name }) => name === 'PB fines');
if (!brand) throw new Error('no brand');
const samples = lotSamples(world, { brand, berth: 1, seed: 3 }, 12, 2);
const csv = (header: readonly unknown[], rows: readonly (readonly unknown[])[]) =>
  `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
const start = Date.parse('2026-03-01T08:00:00Z');
const spectra = samples.slice(0, 5).map(({ reflectance }, i) => ({
  kind: 'spectrum',
  device: 'nir-1',
  time: new Date(start + 1000 * i).toISOString(),
  technique: 'nir',
  axis: { unit: 'nm', start: world.nir.axis[0], step: (world.nir.axis[1] ?? 0) - (world.nir.axis[0] ?? 0) },
  values: [...reflectance],
}));
/** A plant's spectrometer without a belt: every reading by a calibration is an event. */
const document = (bundle: string) => ({
  id: 'plant',
  version: 1,
  nodes: [
    { id: 'wire', driver: 'mqtt-json', config: { topic: 'nir', format: 'message' } },
    { id: 'own', stage: 'calibration', config: { calibrations: [{ bundle }] } },
    { id: 'high', stage: 'threshold', config: { value: 'm.value', above: 0 } },
    { id: 'out', stage: 'emit', config: {} },
  ],
  wires: [
    { from: 'wire', to: 'own' },
    { from: 'own', to: 'high' },
    { from: 'high', to: 'out' },
  ],
});
function flowFile(bundle: string): string {
  const file = at(`${bundle}.flow.yaml`);
  writeFileSync(file, stringify(document(bundle)));
  return file;
}

beforeAll(async () => {
  writeFileSync(
    at('x.csv'),
    csv(
      [...world.nir.axis],
      samples.map(({ reflectance }) => [...reflectance]),
    ),
  );
  writeFileSync(
    at('y.csv'),
    csv(
      ['lot', ...analysed],
      samples.map(({ lot, said }) => [lot, ...analysed.map((name) => said[name])]),
    ),
  );
  const call = [
    'pls',
    '--spectra',
    at('x.csv'),
    '--values',
    at('y.csv'),
    '--target',
    'Fe',
    '--name',
    'Mine A',
  ];
  const made = await commandRun(calibrate, [...call, '--out', join(bundles, 'fe')]);
  expect(made.code).toBe(0);
}, 60_000);

describe('a flow that names a calibration', () => {
  const lint = (bundle: string, ...more: string[]) => commandTyped(flow, ['lint', flowFile(bundle), ...more]);

  test('is told the place where its bundle is not there, and what is like it', async () => {
    const { code, stderr } = await lint('pls-fe-mine-b', '--bundles', bundles);
    expect(code).toBe(1);
    expect(stderr).toContain('flow.bundleMissing at nodes[1].config.calibrations[0].bundle');
    expect(stderr).toContain(`There is no bundle pls-fe-mine-b in ${bundles}.`);
    expect(stderr).toContain('pls-fe-mine-a');
  });

  test('is told the place where its bundle is of another format', async () => {
    const { code, stderr } = await lint('iron-ore');
    expect(code).toBe(1);
    expect(stderr).toContain('flow.bundleFormat at nodes[1].config.calibrations[0].bundle');
    expect(stderr).toContain('iron-ore is of format tables, and calibration is wanted');
  });

  test('is right where it is there, and runs with it', async () => {
    expect((await lint('pls-fe-mine-a', '--bundles', bundles)).code).toBe(0);
    const input = at('spectra.ndjson');
    writeFileSync(input, `${spectra.map((line) => JSON.stringify({ node: 'wire', ...line })).join('\n')}\n`);
    const { rows } = await commandRun(flow, [
      'run',
      flowFile('pls-fe-mine-a'),
      '--input',
      input,
      '--bundles',
      bundles,
    ]);
    expect(rows[0]).toMatchObject({ data: { name: 'Fe', unit: '%' } });
  });
});

describe('a calibration on a shelf', () => {
  const shelf = () =>
    new ModelShelf({ frames: { read: () => Promise.reject(new Error('none')) }, onNotice: () => undefined });

  test('is asked by its newest right version; one whose golden predictions do not come is refused', async () => {
    const models = shelf();
    const calibrations = calibrationsOf((id) => models.tables(id));
    expect(calibrations.calibration('pls-fe-mine-a')).toBeUndefined();
    await models.load(join(bundles, 'fe'));
    expect(calibrations.calibration('pls-fe-mine-a')).toMatchObject({ version: '1.0.0', target: 'Fe' });

    // Whole and right by its hashes, and yet not what was made: its mean was changed after its golden outputs.
    const later = join(bundles, 'fe');
    const model = readFileSync(join(later, 'model.json'), 'utf8');
    const changed = model.replace(/"meanValue":[\d.]+/, '"meanValue":55');
    const manifest = join(later, 'bundle.yaml');
    const was = readFileSync(manifest, 'utf8');
    writeFileSync(join(later, 'model.json'), changed);
    writeFileSync(
      manifest,
      was.replace(sha256Hex(model), sha256Hex(changed)).replace('version: 1.0.0', 'version: 1.0.1'),
    );
    await expect(models.load(later)).rejects.toMatchObject({ problem: { code: 'bundle.golden' } });
    expect(calibrations.calibration('pls-fe-mine-a')).toMatchObject({ version: '1.0.0' });
    await models.close();
  });
});
