import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { CalibrationView, LaboratoryResult } from '#hub/api/laboratory-types';
import type { ReleasePlan } from '#hub/api/types';
import { places } from '#hub/places';
import { startBox } from '#test/support/box';
import { startHub, type TestHub } from '#test/support/hub';
import { runQuaywatch, temporaryFolder } from '#test/support/quaywatch';
import { berthBox, releasedBerth, releasedFlow } from '#test/support/released-berth';

/**
 * A mine's own calibrations on their way: made on the Lab's page or by the command, kept or imported at a real hub, chosen in a release, and
 * the next lot's composition by them. Ore and spectra are simulated.
 */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});
function folder(): string {
  const made = temporaryFolder();
  undo.push(() => made[Symbol.dispose]());
  return made.path;
}

async function quaywatch(...args: string[]): Promise<string> {
  const done = await runQuaywatch(args);
  expect(done).toMatchObject({ code: 0 });
  return done.stdout;
}

/** Samples of the mine before one berth's spectrometer, as two files. */
async function samples(berth: number, lots: number, seed: number): Promise<string> {
  const out = folder();
  const sizes = ['--lots', String(lots), '--each', '3', '--seed', String(seed)];
  await quaywatch('berth', 'samples', '--berth', String(berth), ...sizes, '--out', out);
  return out;
}
const named = (name: string, file: string) => ({ name, text: readFileSync(file, 'utf8') });

interface Value {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly bias: number;
  readonly by?: Readonly<Record<string, number>>;
}
const toldOf = (event: Event, name: string): Value | undefined =>
  (event.data.values as Record<string, Value>)[name];

async function lab(hub: TestHub, path: string, body: object): Promise<LaboratoryResult> {
  const answer = await hub.api(`/laboratory/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as LaboratoryResult;
}

test('a calibration of the Lab is released and gives the next lot its iron; a damaged one is refused and the one before goes on', async () => {
  const hub = await startHub();
  undo.push(() => hub.close());
  const box = await startBox({ token: await hub.token(), flows: [releasedFlow()] });
  undo.push(() => box.close());
  const { name, event, verdict, release, released } = await berthBox(hub, box, 4);
  const first = await verdict('L-1');
  expect(toldOf(first, 'Fe')).not.toHaveProperty('by');

  // The hub refuses a release whose flow names a calibration that would not be there.
  const id = 'pls-fe-mine-a';
  const flows = [releasedFlow([{ bundle: id, mines: ['Simulated mine'], devices: ['nir-1'] }])];
  const bare = await hub.api(`/boxes/${name}/plan`, { method: 'POST', body: JSON.stringify({ flows }) });
  expect(((await bare.json()) as ReleasePlan).problems).toEqual([
    {
      path: expect.stringMatching(/^flows\[0\]\.nodes\[\d+\]\.config\.calibrations\[0\]\.bundle$/),
      message: expect.stringMatching(
        /^There is no bundle pls-fe-mine-a in this release, and none on the box\./,
      ),
    },
  ]);
  expect((await release(flows, [])).status).toBe(400);

  const mine = await samples(releasedBerth, 20, 3);
  const given = {
    target: 'Fe',
    name: 'Mine A',
    spectra: named('nir.csv', join(mine, 'spectra.csv')),
    values: named('lab.csv', join(mine, 'values.csv')),
    keep: true,
  };
  expect((await lab(hub, 'calibrations', given)).kept).toEqual({ id, version: '1.0.0' });
  expect((await release(flows, [{ id, version: '1.0.0' }])).status).toBe(202);
  await released(1, 'running');
  expect(box.box.status().models).toMatchObject([{ id, version: '1.0.0', signed: true, state: 'running' }]);

  const second = await verdict('L-2');
  const iron = toldOf(second, 'Fe') as Value;
  expect(iron.by).toEqual({ 'pls-fe-mine-a 1.0.0': 3 });
  // The interval holds the calibration's bias, which no number of increments averages out.
  expect(iron.bias).toBeGreaterThan(0.05);
  expect(iron.upper - iron.lower).toBeGreaterThan(2 * 1.9 * iron.bias);
  expect(second.data.models).toContainEqual({ id, version: '1.0.0', signed: true, simulated: false });
  expect(toldOf(second, 'SiO2')).not.toHaveProperty('by');
  const increment = (await event('quaywatch.increment.assessed', 'L-2')) as Event;
  expect(increment.data.values).toMatchObject({ Fe: { by: 'pls-fe-mine-a 1.0.0' } });
  expect(await hub.json<CalibrationView[]>('/laboratory/calibrations')).toMatchObject([
    { id, version: '1.0.0', used: [{ box: name, release: 1, flows: ['berth'] }] },
  ]);

  expect((await lab(hub, 'calibrations', given)).kept).toEqual({ id, version: '1.0.1' });
  const model = join(places(hub.config.data).bundles, id, '1.0.1', 'model.json');
  writeFileSync(model, readFileSync(model, 'utf8').replace('"meanValue":6', '"meanValue":7'));
  expect((await release(flows, [{ id, version: '1.0.1' }])).status).toBe(202);
  expect((await released(2, 'failed')).detail).toMatch(/bundle\.damaged: .*model\.json/);
  expect(toldOf(await verdict('L-3'), 'Fe')?.by).toEqual({ 'pls-fe-mine-a 1.0.0': 3 });

  await box.restart();
  expect(box.box.status().models).toMatchObject([{ id, version: '1.0.0', signed: true }]);
}, 400_000);

test('calibrations of the command line are imported and signed, one of them transferred from another instrument, and both are in the record', async () => {
  const hub = await startHub();
  undo.push(() => hub.close());
  const box = await startBox({ token: await hub.token(), flows: [releasedFlow()] });
  undo.push(() => box.close());
  const { verdict, release, released } = await berthBox(hub, box, 2);

  // Moisture by this berth's spectrometer; iron by the laboratory's own, taken to this one with ten samples of both.
  const here = await samples(releasedBerth, 20, 3);
  const there = await samples(8, 20, 4);
  const out = (id: string) => join(folder(), id);
  const pls = (from: string, target: string, to: string) =>
    quaywatch(
      ...['calibrate', 'pls', '--spectra', join(from, 'spectra.csv'), '--values', join(from, 'values.csv')],
      ...['--target', target, '--name', 'mine a', '--out', to],
    );
  const [water, iron, moved] = [out('water'), out('iron'), out('moved')];
  await pls(here, 'H2O', water);
  await pls(there, 'Fe', iron);
  const [onHere, onThere] = [await samples(releasedBerth, 4, 9), await samples(8, 4, 9)];
  const both = ['--primary', join(onThere, 'spectra.csv'), '--secondary', join(onHere, 'spectra.csv')];
  await quaywatch('calibrate', 'transfer', '--bundle', iron, ...both, '--name', 'nir-1', '--out', moved);
  for (const bundle of [water, moved])
    await quaywatch('bundle', 'import', bundle, '--config', hub.configFile);

  const ids = ['pls-h2o-mine-a', 'pls-fe-mine-a-nir-1'];
  const flows = [releasedFlow(ids.map((bundle) => ({ bundle, devices: ['nir-1'] })))];
  const bundles = ids.map((id) => ({ id, version: '1.0.0' }));
  expect((await release(flows, bundles)).status).toBe(202);
  await released(1, 'running');
  const event = await verdict('L-1');
  expect(toldOf(event, 'H2O')?.by).toEqual({ 'pls-h2o-mine-a 1.0.0': 3 });
  expect(toldOf(event, 'Fe')?.by).toEqual({ 'pls-fe-mine-a-nir-1 1.0.0': 3 });
  for (const id of ids)
    expect(event.data.models).toContainEqual({ id, version: '1.0.0', signed: true, simulated: false });
}, 400_000);
