import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { BoxView, BundleView, ReleasePlan } from '#hub/api/types';
import { places } from '#hub/places';
import { buildLimitMs, builtModels } from '#test/support/built';
import { startHub, type TestHub, until } from '#test/support/hub';
import { records, scanName, truck } from '#test/support/lane';
import { laneFlow, startLane, type Undo } from '#test/support/lane-world';
import { runQuaywatch, temporaryFolder } from '#test/support/quaywatch';
import { writeThresholdBundle } from '#test/support/threshold-bundle';

/** A model on its way: imported at a real hub, released to a real box, and the next truck judged by it. */
beforeAll(builtModels, buildLimitMs);

const undo: Undo = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const soon = 100_000;
const id = 'empty-container';

async function imported(hub: TestHub, version: string): Promise<string> {
  const folder = temporaryFolder();
  undo.push(() => folder[Symbol.dispose]());
  writeThresholdBundle(join(folder.path, id), version);
  const done = await runQuaywatch(['bundle', 'import', join(folder.path, id), '--config', hub.configFile]);
  expect(done).toMatchObject({ code: 0 });
  return join(places(hub.config.data).bundles, id, version);
}

test('a released model judges the next scan; one that is damaged is refused and the one before goes on', async () => {
  const hub = await startHub();
  undo.push(() => hub.close());
  const { box, scanner, verdict } = await startLane(undo, { token: await hub.token() });
  const name = box.box.identity.box;
  const flows = [laneFlow(scanner.address)];
  const ask = (what: 'plan' | 'release', version: string) =>
    hub.api(`/boxes/${name}/${what}`, {
      method: 'POST',
      body: JSON.stringify({ flows, bundles: [{ id, version }] }),
    });
  const released = (version: number, state: string) =>
    until(
      async () => {
        const { release } = await hub.json<BoxView>(`/boxes/${name}`);
        return release?.version === version && release.state === state && release;
      },
      `release ${version} to be ${state}`,
      soon,
    );
  const judgedBy = async (scan: number) => {
    scanner.send(...records(truck(true, scan), scanName(scan)));
    const { data } = await verdict(scan);
    expect(data.outcome).toBe('suspect');
    return data.models;
  };
  const runs = () => box.box.status().models?.map(({ version, signed }) => ({ version, signed }));

  expect(await judgedBy(1)).toMatchObject([{ id, version: '1.0.0', signed: false }]);
  const unknown = (await (await ask('plan', '1.1.0')).json()) as ReleasePlan;
  expect(unknown.problems).toMatchObject([{ path: 'bundles[0]' }]);
  expect((await ask('release', '1.1.0')).status).toBe(400);

  await imported(hub, '1.1.0');
  expect(await hub.json<BundleView[]>('/bundles')).toMatchObject([{ id, version: '1.1.0' }]);
  const plan = (await (await ask('plan', '1.1.0')).json()) as ReleasePlan;
  expect(plan).toMatchObject({ problems: [], bundles: [{ id, version: '1.1.0', runs: '1.0.0' }] });
  expect((await ask('release', '1.1.0')).status).toBe(202);
  await released(1, 'running');
  expect(runs()).toEqual([{ version: '1.1.0', signed: true }]);
  expect(await judgedBy(2)).toMatchObject([{ id, version: '1.1.0', signed: true }]);

  const folder = await imported(hub, '1.2.0');
  const model = readFileSync(join(folder, 'model.onnx'));
  model[model.length >> 1] = (model[model.length >> 1] ?? 0) ^ 1;
  writeFileSync(join(folder, 'model.onnx'), model);
  expect((await ask('release', '1.2.0')).status).toBe(202);
  const { detail } = await released(2, 'failed');
  expect(detail).toMatch(/bundle\.damaged: .*model\.onnx/);
  expect(await judgedBy(3)).toMatchObject([{ id, version: '1.1.0', signed: true }]);

  // What was released is what runs after a restart, before anything older that lies on the box.
  await box.restart();
  expect(runs()).toEqual([{ version: '1.1.0', signed: true }]);
}, 600_000);
