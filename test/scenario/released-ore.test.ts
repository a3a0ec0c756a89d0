import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { WeekBelt, type WeekLine } from '#edge/commands/berth/weeks/belt';
import { PicturePool } from '#edge/commands/berth/weeks/pictures';
import type { Event } from '#flows/event';
import { sha256Hex } from '#flows/trust/canonical';
import type { BoxView } from '#hub/api/types';
import { places } from '#hub/places';
import { openOreWorld } from '#models/physics/ore/berth';
import { berthDocument } from '#test/support/berth-events';
import { startBox } from '#test/support/box';
import { startHub, type TestHub, until } from '#test/support/hub';
import { runQuaywatch, temporaryFolder } from '#test/support/quaywatch';

/** The models of ore on their way: imported at a real hub, released to a real box, and the next lot judged by them. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const soon = 60_000;
const id = 'iron-ore';
const lotT = 60;

/** The berth of the tests, fed over the box's own broker by two spectrometers. */
function flow() {
  const document = berthDocument();
  const sensors = [
    { device: 'nir-1', offsetM: 6, delaySeconds: 0.5 },
    { device: 'xrf-1', offsetM: 9, delaySeconds: 0.5 },
  ];
  const changes: Record<string, object> = {
    wire: { topic: 'berth/#', format: 'message' },
    place: { scale: 'scale-1', sensors, windowT: 5, latenessSeconds: 0.5 },
  };
  const nodes = document.nodes.map((node) => ({ ...node, config: { ...node.config, ...changes[node.id] } }));
  return { ...document, nodes };
}

/** Three lots of clean ore on one belt, one after the other. */
function belt() {
  const world = openOreWorld();
  const lots = [1, 2, 3].map((n) => ({
    id: `L-${n}`,
    ship: 'MV Released',
    brand: 'PB fines',
    declared: 'PB fines',
    wetPct: 0,
    incident: { what: 'nothing', fromT: 0, toT: lotT } as const,
    seed: n,
  }));
  const lines = new WeekBelt(
    world,
    new PicturePool(world, 1),
    lotT,
    5,
    Date.parse('2026-12-01T06:00:00Z'),
  ).lines([{ name: 'MV Released', lots }]);
  /** Up to a minute after the end of the next lot. */
  return function* next(): Generator<WeekLine> {
    let seen = false;
    let endMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const { value, done } = lines.next();
      if (done) return;
      if (seen && value.lot === undefined) endMs = Math.min(endMs, value.ms + 60_000);
      seen ||= value.lot !== undefined;
      yield value;
      if (value.ms >= endMs) return;
    }
  };
}

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
  const flows = [flow()];
  const box = await startBox({ token: await hub.token(), flows });
  undo.push(() => box.close());
  const name = box.box.identity.box;
  const office = await box.device();
  const next = belt();

  async function judgedBy(lot: string): Promise<unknown> {
    for (const { text } of next()) {
      const { node, ...message } = JSON.parse(text) as { node: string };
      if (['scale', 'nir', 'xrf', 'office'].includes(node))
        await office.publishAsync(`berth/${node}`, JSON.stringify(message), { qos: 1 });
    }
    const event = await until(
      async () => {
        const { events } = await hub.json<{ events: { event: Event }[] }>(
          `/events?type=quaywatch.lot.verdict&subject=${lot}`,
        );
        return events[0]?.event;
      },
      `the verdict on ${lot}`,
      soon,
    );
    const models = event?.data.models as { id: string; version: string; signed: boolean }[];
    return models.find((one) => one.id === 'ore-slag');
  }
  const release = (version: string) =>
    hub.api(`/boxes/${name}/release`, {
      method: 'POST',
      body: JSON.stringify({ flows, bundles: [{ id, version }] }),
    });
  const released = (version: number, state: string) =>
    until(
      async () => {
        const view = (await hub.json<BoxView>(`/boxes/${name}`)).release;
        return view?.version === version && view.state === state && view;
      },
      `release ${version} to be ${state}`,
      soon,
    );

  expect(await judgedBy('L-1')).toMatchObject({ signed: false, version: expect.stringMatching(/^0\./) });

  await imported(hub, '9.1.0');
  expect((await release('9.1.0')).status).toBe(202);
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
  expect((await release('9.2.0')).status).toBe(202);
  expect((await released(2, 'failed')).detail).toMatch(/bundle\.damaged: .*tables\.json/);
  expect(await judgedBy('L-3')).toMatchObject({ version: '9.1.0', signed: true });

  await box.restart();
  expect(box.box.status().models).toMatchObject([{ id, version: '9.1.0', signed: true }]);
}, 180_000);
