import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sha256Hex } from '#flows/trust/canonical';
import { places } from '#hub/places';
import { startBox } from '#test/support/box';
import { startHub, type TestHub } from '#test/support/hub';
import { runQuaywatch, temporaryFolder } from '#test/support/quaywatch';
import { berthBox, releasedFlow } from '#test/support/released-berth';

/** The models of ore on their way: imported at a real hub, released to a real box, and the next lot judged by them. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const id = 'iron-ore';

/** The repository's bundle as another version, imported at the hub; its folder there. */
async function imported(hub: TestHub, version: string): Promise<string> {
  const folder = temporaryFolder();
  undo.push(() => folder[Symbol.dispose]());
  const bundle = join(folder.path, id);
  cpSync(`models/${id}`, bundle, { recursive: true });
  const manifest = join(bundle, 'bundle.yaml');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/^version: .*$/m, `version: ${version}`));
  const done = await runQuaywatch(['bundle', 'import', bundle, '--config', hub.configFile]);
  expect(done).toMatchObject({ code: 0 });
  return join(places(hub.config.data).bundles, id, version);
}

test('released models of ore judge the next lot; damaged ones are refused and those before go on', async () => {
  const hub = await startHub();
  undo.push(() => hub.close());
  const flows = [releasedFlow()];
  const box = await startBox({ token: await hub.token(), flows });
  undo.push(() => box.close());
  const { verdict, release, released } = await berthBox(hub, box, 3);

  async function judgedBy(lot: string): Promise<unknown> {
    const { models } = (await verdict(lot)).data;
    return (models as { id: string }[]).find((one) => one.id === 'ore-slag');
  }

  expect(await judgedBy('L-1')).toMatchObject({ signed: false, version: expect.stringMatching(/^0\./) });

  await imported(hub, '9.1.0');
  expect((await release(flows, [{ id, version: '9.1.0' }])).status).toBe(202);
  await released(1, 'running');
  expect(box.box.status().models).toMatchObject([{ id, version: '9.1.0', signed: true }]);
  expect(await judgedBy('L-2')).toMatchObject({ version: '9.1.0', signed: true });

  const folder = await imported(hub, '9.2.0');
  const tables = readFileSync(join(folder, 'tables.json'), 'utf8');
  writeFileSync(
    join(folder, 'tables.json'),
    tables.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10)),
  );
  expect(sha256Hex(readFileSync(join(folder, 'tables.json'), 'utf8'))).not.toBe(sha256Hex(tables));
  expect((await release(flows, [{ id, version: '9.2.0' }])).status).toBe(202);
  expect((await released(2, 'failed')).detail).toMatch(/bundle\.damaged: .*tables\.json/);
  expect(await judgedBy('L-3')).toMatchObject({ version: '9.1.0', signed: true });

  await box.restart();
  expect(box.box.status().models).toMatchObject([{ id, version: '9.1.0', signed: true }]);
}, 600_000);
