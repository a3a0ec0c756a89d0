import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Emission } from '#flows/event';
import { readFlow } from '#flows/parse';
import type { Release, ReleaseReport } from '#flows/wire';
import { number, onceEach, startBox, type TestBox } from '#test/support/box';
import { boxRunner } from '#test/support/box-runner';
import { until } from '#test/support/quaywatch';
import { testRelease } from '#test/support/release';
import { PreparedSets } from '../fences/fences.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Runner } from '../runner/runner.ts';
import { Attempts } from './attempts.ts';
import { beginRelease } from './begin.ts';
import { Deploy, planSteps } from './deploy.ts';
import { KnownGood } from './known-good.ts';
import { Reading } from './reading.ts';
import { ReleaseStore } from './release-store.ts';

let folder: string;
let outbox: Outbox;
let runner: Runner;
let notices: Emission[] = [];
let reports: ReleaseReport[];
let deploy: Deploy;
let prepared: PreparedSets;
let boot = 'boot-1';

/** What a process keeps of releases in a folder. */
function records(data: string) {
  const kept = {
    releases: new ReleaseStore(data),
    knownGood: new KnownGood(data, { boot, upMs: () => 0 }),
    attempts: new Attempts(data, 'attempt', boot),
    maxCrashes: 3,
  };
  const readings = new Attempts(data, 'reading', boot);
  const begun = beginRelease({ ...kept, readings, maxCrashesPerHour: 5, bundles: join(data, 'bundles') });
  return { ...kept, reading: new Reading(readings, 3), begun };
}

function compose(): void {
  ({ outbox, runner } = boxRunner(folder, 50_000_000));
  const report = (one: ReleaseReport) => reports.push(one);
  deploy = new Deploy({
    prepared,
    runner,
    outbox,
    ...records(folder),
    notice: (emission) => notices.push(emission),
    now: () => 0,
    box: 'b',
    resources: {},
    bundles: async () => undefined,
    report,
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  reports = [];
  notices = [];
  prepared = new PreparedSets();
  compose();
});
afterEach(async () => {
  await runner.stop();
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A flow with no device: the serial line that it names is not there. */
const flow = (id: string, version = 1, stage: object = { stage: 'dedupe', config: {} }) => ({
  id,
  version,
  nodes: [
    { id: 'in', driver: 'nmea', config: { connect: '127.0.0.1:9' } },
    { id: 'mid', ...stage },
    { id: 'out', stage: 'emit', config: {} },
  ],
  wires: [
    { from: 'in', to: 'mid' },
    { from: 'mid', to: 'out' },
  ],
});
const release = (version: number, flows: unknown[], more: Partial<Release> = {}): Release =>
  testRelease(version, { flows, ...more });
const running = () => runner.status().map(({ id, version, state }) => `${id} ${version} ${state}`);
const document = (value: unknown) => {
  const read = readFlow(value);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.document;
};

test('after crash upon crash the last release that was healthy runs, which is told, and the other is refused', async () => {
  await deploy.take(release(1, [flow('a')]));
  deploy.settle();
  await deploy.take(release(2, [flow('a', 2)]));
  for (const crashes of [1, 2, 3]) {
    // The process ends without a word.
    await runner.stop();
    outbox.close();
    compose();
    await deploy.start([], {});
    expect(running()).toEqual([crashes < 3 ? 'a 2 running' : 'a 1 running']);
  }
  const type = 'quaywatch.release.fallback';
  expect(notices).toMatchObject([{ type, priority: 'alarm', data: { version: 2, to: 1, crashes: 3 } }]);
  reports = [];
  deploy.linkUp(); // the hub took it for running
  await deploy.take(release(2, [flow('a', 2)]));
  const refused = { version: 2, state: 'refused', code: 'release.fellBack' };
  expect(reports).toMatchObject([refused, refused]);
  await deploy.take(release(3, [flow('a', 3)]));
  expect(running()).toEqual(['a 3 running']);
});

test('crashes after data got through take a release back only when there are five within an hour', async () => {
  await deploy.take(release(1, [flow('a')]));
  deploy.settle();
  await deploy.take(release(2, [flow('a', 2)]));
  const found: string[] = [];
  for (let crash = 0; crash < 5; crash++) {
    deploy.progressed();
    await runner.stop();
    outbox.close();
    compose();
    await deploy.start([], {});
    found.push(...running());
  }
  expect(found).toEqual([...Array(4).fill('a 2 running'), 'a 1 running']);
});

test('a release that ends the box while it is checked is refused in the end, and one with other content is not', async () => {
  await deploy.take(release(1, [flow('a')]));
  const die = async (version: number, machine = boot) => {
    prepared = new PreparedSets();
    compose();
    await deploy.start([], {});
    // It is under way when the process ends.
    prepared.prepare = () => new Promise(() => undefined);
    void deploy.take(release(version, [flow('a', 2)]));
    boot = machine;
    await runner.stop();
    outbox.close();
  };
  await runner.stop();
  outbox.close();
  await die(2);
  await die(2);
  await die(2, 'boot-2'); // with the machine: that is not for the release to answer
  await die(2);
  prepared = new PreparedSets();
  compose();
  await deploy.start([], {});
  await deploy.take(release(2, [flow('a', 2)]));
  expect(reports.at(-1)).toMatchObject({ version: 2, state: 'refused', code: 'release.fellBack' });
  await deploy.take(release(2, [flow('a', 2)]));
  expect(reports.at(-1)).toMatchObject({ version: 2, state: 'refused', code: 'release.fellBack' });
  expect(running()).toEqual(['a 1 running']);
  await deploy.take(release(3, [flow('a', 3)]));
  expect(running()).toEqual(['a 3 running']);
});

test('a release that let data through is gone back to, although it has not run for long', async () => {
  await deploy.take(release(1, [flow('a')]));
  deploy.progressed();
  await deploy.take(release(2, [flow('a', 2)]));
  for (let crash = 0; crash < 3; crash++) {
    await runner.stop();
    outbox.close();
    compose();
    await deploy.start([], {});
  }
  expect(notices).toMatchObject([{ data: { version: 2, to: 1, crashes: 3 } }]);
  expect(running()).toEqual(['a 1 running']);
});

test('the plan leaves alone what is the same', () => {
  const now = new Map([flow('a'), flow('b'), flow('c')].map((one) => [one.id, document(one)]));
  const next = new Map([flow('a'), flow('b', 2), flow('d')].map((one) => [one.id, document(one)]));
  expect(planSteps(now, next, false)).toEqual([
    { kind: 'remove', flow: 'c' },
    { kind: 'change', flow: 'b' },
    { kind: 'start', flow: 'd' },
  ]);
  expect(planSteps(next, next, true).map(({ kind }) => kind)).toEqual(['change', 'change', 'change']);
});

describe('a release', () => {
  test('runs, is reported, and runs again after a restart', async () => {
    await deploy.take(release(1, [flow('a'), flow('b')]));
    await deploy.take(release(2, [flow('a', 2), flow('c')]));
    expect(reports).toMatchObject([
      { version: 1, state: 'running' },
      { version: 2, state: 'running' },
    ]);
    expect(running()).toEqual(['a 2 running', 'c 1 running']);
    await runner.stop();
    outbox.close();
    compose();
    await deploy.start([], {});
    expect(running()).toEqual(['a 2 running', 'c 1 running']);
    expect(outbox.flows()).toEqual(['a', 'c']);
    await deploy.take(release(2, [flow('a', 2), flow('c')]));
    expect(reports.at(-1)).toMatchObject({ version: 2, state: 'running' });
  });

  test.each([
    ['is older', release(2, [flow('a')]), 'release.old'],
    ['has a number that runs with other content', release(3, [flow('b')]), 'release.conflict'],
    ['has a flow that is none', release(4, [{ id: 'x' }]), 'flow.schema'],
    [
      'has an unknown stage',
      release(4, [flow('a', 2, { stage: 'geofense', config: {} })]),
      'flow.unknownStage',
    ],
    [
      'has a config that only building finds wrong',
      release(4, [flow('a', 2, { stage: 'geofence', config: { fences: 'no-such-set' } })]),
      'flow.build',
    ],
  ])('that %s is refused and changes nothing', async (_, wrong, code) => {
    await deploy.take(release(3, [flow('a')]));
    const stored = readFileSync(join(folder, 'release', 'release.json'), 'utf8');
    await deploy.take(wrong);
    expect(reports.at(-1)).toMatchObject({ version: wrong.version, state: 'refused' });
    expect(reports.at(-1)?.code).toBe(code);
    expect(running()).toEqual(['a 1 running']);
    expect(readFileSync(join(folder, 'release', 'release.json'), 'utf8')).toBe(stored);
  });

  test('with a broken file of the one before starts from the config', async () => {
    await deploy.take(release(1, [flow('a')]));
    await runner.stop();
    outbox.close();
    const file = join(folder, 'release', 'release.json');
    writeFileSync(file, '{"kind": "rel');
    compose();
    await deploy.start([], {});
    expect(running()).toEqual(['a 1 running']); // by its copy
    await runner.stop();
    outbox.close();
    for (const one of [file, `${file}.copy`]) writeFileSync(one, '{"kind": "rel');
    compose();
    writeFileSync(join(folder, 'own.flow.json'), JSON.stringify(flow('own')));
    writeFileSync(join(folder, 'bad.flow.yaml'), 'id: [');
    await deploy.start([join(folder, 'own.flow.json'), join(folder, 'bad.flow.yaml')], {});
    expect(running()).toEqual(['own 1 running', 'bad 0 failed']);
  });
});

describe('a running box', () => {
  let box: TestBox;
  afterEach(() => box.close());

  test('that would forget something refuses until the loss is confirmed', async () => {
    box = await startBox();
    const device = await box.device();
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    const next = onceEach({ version: 2 });
    (next.nodes[1] as { id: string }).id = 'again';
    next.wires = [
      { from: 'in', to: 'again' },
      { from: 'again', to: 'out' },
    ];
    const said: ReleaseReport[] = [];
    const deployed = new Deploy({
      prepared: new PreparedSets(),
      resources: {},
      runner: box.box.runner,
      outbox: box.box.outbox,
      ...records(box.folder),
      bundles: async () => undefined,
      notice: () => undefined,
      now: () => 0,
      box: 'b',
      report: (one) => said.push(one),
    });
    await deployed.take(release(1, [next]));
    expect(said).toMatchObject([{ state: 'refused', code: 'release.loss' }]);
    expect(said[0]?.detail).toContain('numbers/once');
    await deployed.take(release(1, [next], { confirmLoss: ['numbers/once'] }));
    expect(said.at(-1)).toMatchObject({ state: 'running' });
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    await until(() => box.box.outbox.fill().pending.verdict === 2);
  });

  test('shows a flow that cannot run, and runs the others', async () => {
    box = await startBox({ flows: [onceEach(), { id: 'broken', version: 1, nodes: [], wires: [{}] }] });
    const health = await box.page('/health');
    expect(health.status).toBe(503);
    expect(health.text).toContain('flow flow-1');
    const device = await box.device();
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    expect(box.box.status().flows[0]).toMatchObject({ id: 'numbers', state: 'running', received: 1 });
  });

  test('counts what is no message, keeps it, answers it and goes on', async () => {
    box = await startBox();
    const device = await box.device();
    await device.publishAsync('numbers/a', 'no json', { qos: 1 });
    await device.publishAsync('numbers/a', number(1), { qos: 1 });
    await until(() => box.box.outbox.fill().pending.verdict === 1);
    expect(box.box.outbox.errors.newest(10)).toMatchObject([{ flow: 'numbers', node: 'in' }]);
    expect((await box.page('/health')).status).toBe(200);
    const metrics = await box.page('/metrics');
    expect(metrics.text).toMatch(/quaywatch_errors_total\{flow="numbers",node="in",code="[\w.]+"\} 1/);
    expect(metrics.text).toContain('quaywatch_outbox_pending_events{priority="verdict"} 1');
    expect((await box.page('/nothing')).status).toBe(404);
  });
});
