import { afterEach, expect, test, vi } from 'vitest';
import { sampler } from '#drivers/modbus/profiles/sampler';
import { simulateModbus } from '#drivers/modbus/simulator';
import type { Simulator } from '#drivers/simulator';
import type { Emission, Event } from '#flows/event';
import { type FlowDocument, flowHash } from '#flows/flow';
import type { InstrumentCharts } from '#flows/ore/instrument-charts';
import { startBox, type TestBox } from '#test/support/box';
import { until } from '#test/support/hub';
import { moment } from '#test/support/ore';

vi.setConfig({ testTimeout: 60_000 });

let box: TestBox | undefined;
let device: Simulator | undefined;
afterEach(async () => {
  await box?.close();
  await device?.stop();
});

const nothing = { async *[Symbol.asyncIterator]() {} };

/** A sampler on a real socket, in a flow of a berth. */
async function berth() {
  const wire = { host: '127.0.0.1', port: 0 };
  device = await simulateModbus({ source: nothing, wire, profile: sampler, random: Math.random });
  const { connect } = device.config;
  const flow = {
    id: 'berth',
    version: 1,
    nodes: [
      {
        id: 'sampler',
        driver: 'modbus',
        config: { connect, profile: 'sampler', device: 'sampler-1', pollSeconds: 0.1 },
      },
      { id: 'out', stage: 'emit', config: {} },
    ],
    wires: [{ from: 'sampler', to: 'out' }],
  };
  box = await startBox({ flows: [flow] });
  return box;
}

const eventsOf = ({ box: { outbox } }: TestBox): Event[] =>
  outbox.read('verdict', 0, 10_000, 100_000_000).events.map((text) => JSON.parse(text) as Event);

/** As a flow's stage hands it over. */
const emitted = (type: string, data: Event['data']): Emission => ({
  type,
  priority: 'verdict',
  subject: 'L-1',
  time: moment(1),
  stage: 'lot',
  data,
});

function commit(of: TestBox, emission: Emission): void {
  const { group } = of.box.runner;
  const [document] = of.box.runner.documents().values();
  group.emit({ id: 'berth', hash: flowHash(document as FlowDocument) }, emission);
  group.commit();
}

test('whoever stands beside the box sees the board without a hub, also after a restart', async () => {
  const at = await berth();
  const board = async () =>
    (JSON.parse((await at.page('/berth/board.json')).text) as { board: { lots: { lot: string }[] } }).board;
  expect((await board()).lots).toEqual([]);
  const declared = { lot: 'L-1', shipper: 'S', brand: 'B', mine: 'M', port: 'P' };
  commit(at, emitted('quaywatch.lot.announced', { declared, draw: {} }));
  await until(async () => (await board()).lots.length === 1);
  await at.restart();
  expect((await board()).lots.map(({ lot }) => lot)).toEqual(['L-1']);
  const charts = async () => JSON.parse((await at.page('/berth/instruments.json')).text) as InstrumentCharts;
  expect(await charts()).toEqual([]);
  const value = { from: moment(0), count: 3, value: 1, least: 0.9, most: 1.1, state: 'in' };
  commit(at, emitted('quaywatch.instrument.check', { device: 'nir-1', check: 'white.level', ...value }));
  await until(async () => (await charts()).length === 1);
  await at.restart();
  expect(await charts()).toMatchObject([
    { device: 'nir-1', check: 'white.level', points: [value], marks: [] },
  ]);
  expect((await at.page('/berth/live.json')).text.trim()).toBe('null');
  expect((await at.page('/assets/..%2fidentity.json')).status).toBe(404);
});

test('a flow that asks for a sample has its sampler take one, and no other action', async () => {
  const at = await berth();
  const taken = () => at.box.runner.devices().find(({ node }) => node === 'berth/sampler')?.state === 'live';
  await until(taken);
  const ask = (action: string) =>
    commit(
      at,
      emitted('quaywatch.sampler.requested', {
        lot: 'L-1',
        increment: 7,
        node: 'sampler',
        device: 'sampler-1',
        action,
      }),
    );
  const said = () => eventsOf(at).filter(({ type }) => type.startsWith('quaywatch.command.'));
  ask('take');
  await until(() => said().length === 1);
  expect(said()[0]).toMatchObject({
    type: 'quaywatch.command.acknowledged',
    data: { device: 'sampler-1', increment: 7 },
  });
  const counted = () =>
    eventsOf(at).some(
      ({ type, data }) =>
        type === 'quaywatch.reading.observed' && data.name === 'samplesTaken' && data.value === 1,
    );
  await until(counted);
  ask('open');
  await until(() => said().length === 2);
  expect(said()[1]).toMatchObject({ type: 'quaywatch.command.failed', data: { code: 'order.refused' } });
});
