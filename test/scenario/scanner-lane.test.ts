import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Outbox } from '#edge/outbox/outbox';
import type { Event } from '#flows/event';
import type { EventPage } from '#hub/api/types';
import type { TestBox } from '#test/support/box';
import { buildLimitMs, builtModels } from '#test/support/built';
import { freePort } from '#test/support/free-port';
import { startHub, type TestHub, until } from '#test/support/hub';
import { records, scanName, truck } from '#test/support/lane';
import { heard, laneFlow, startLane, startScanner, type Undo, uncalibrated } from '#test/support/lane-world';
import { quaywatch, runQuaywatch, temporaryFolder } from '#test/support/quaywatch';
import { writeThresholdBundle } from '#test/support/threshold-bundle';

/**
 * The whole lane: simulated lines on TCP, calibrated strips, a network in its thread, a verdict in the outbox and at
 * the hub. The network is one convolution over small scans; the lane's own model is held to its figures elsewhere.
 */
beforeAll(builtModels, buildLimitMs);

const undo: Undo = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const tell = async (box: TestBox, topic: string, message: object) => {
  const device = await box.device();
  await device.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  device.end();
};

const soon = 100_000;
const outcomes = (events: readonly Event[]) => events.map(({ data }) => data.outcome);

describe('a scanner lane', () => {
  test('says of each truck what is declared and what is seen', async () => {
    const { box, scanner, verdict, verdicts } = await startLane(undo);
    const declare = (conveyance: string) =>
      tell(box, 'lane/declarations', { kind: 'declaration', id: `D-${conveyance}`, conveyance, goods: [] });
    const read = (object: string) =>
      tell(box, 'lane/cameras', { kind: 'passage', object, point: 'scanner-1', confidence: 0.97 });
    await declare('QWLU1000001');
    await declare('QWLU1000002');
    await read('QWLU1000001');
    scanner.send(...records(truck(false, 1), scanName(1)));
    expect(await verdict(1)).toMatchObject({
      priority: 'verdict',
      subject: 'QWLU1000001',
      data: { outcome: 'clear', reasons: ['Declared empty, and no load was found.'] },
    });
    await read('QWLU1000002');
    scanner.send(...records(truck(true, 2), scanName(2)));
    const suspect = await verdict(2);
    expect(suspect).toMatchObject({
      priority: 'alarm',
      subject: 'QWLU1000002',
      data: {
        outcome: 'suspect',
        simulationValidated: true,
        models: [{ id: 'empty-container', version: '1.0.0', signed: false, provider: 'cpu' }],
        declaration: { id: 'D-QWLU1000002' },
      },
    });
    const [region] = (suspect.data.findings as { region?: { column: number; columns: number } }[]).flatMap(
      (one) => one.region ?? [],
    );
    // The load lies between 2.9 and 3.5 m, pixels are 10 mm.
    expect(region?.column).toBeGreaterThan(275);
    expect((region?.column ?? 0) + (region?.columns ?? 0)).toBeLessThan(366);
    expect(verdicts()).toHaveLength(2);
    const { text } = await box.page('/metrics');
    expect(text).toContain('quaywatch_model_running{model="empty-container",version="1.0.0"} 1');
  }, 240_000);

  test('tells the hub of each scan: that it began, ended, and what is concluded, once', async () => {
    const hub: TestHub = await startHub();
    undo.push(() => hub.close());
    const { box, scanner } = await startLane(undo, { token: await hub.token() });
    scanner.send(...records(truck(true), scanName(1)));
    const stored = async () => {
      const page = await hub.json<EventPage>(`/events?box=${box.box.identity.box}&limit=500`);
      return page.events.map(({ event }) => event).filter(({ data }) => data.scan === scanName(1));
    };
    await until(async () => (await stored()).length >= 4, 'all events of the scan at the hub', soon);
    const types = (await stored()).map(({ type }) => type);
    const once = ['quaywatch.scan.started', 'quaywatch.scan.completed', 'quaywatch.scan.verdict'];
    expect(types.filter((type) => once.includes(type)).sort()).toEqual([...once].sort());
    // Where the load shows is told before the truck is through.
    expect(types).toContain('quaywatch.finding.observed');
  }, 240_000);
});

describe('no verdict, and never clear:', () => {
  test('a scan that is cut off in its middle', async () => {
    const { box, scanner, verdict } = await startLane(undo);
    scanner.send(...records(truck(false), scanName(1)).slice(0, 700));
    await until(() => box.box.scans.place(scanName(1)) !== 'gone', 'the scan to begin', soon);
    scanner.simulator.fault('cut', true);
    const { data } = await verdict(1);
    expect(data.outcome).toBe('none');
    expect(data.reasons).toContain('The scan was cut off in its middle.');
  }, 240_000);

  test('a scan of a scanner that was not calibrated', async () => {
    const { scanner, verdicts } = await startLane(undo, { calibrated: 'hardly' });
    scanner.send(...records(truck(false), scanName(1)).slice(36));
    const [event] = await until(() => verdicts().length > 0 && verdicts(), 'a verdict', soon);
    expect(event?.data.outcome).toBe('none');
  }, 240_000);

  test('a scan of a scanner that never was, and one in which nothing moved and of which there is no picture', async () => {
    const { box, scanner, verdict } = await startLane(undo, { calibrated: 'never' });
    scanner.send(...uncalibrated(3));
    const { data } = await verdict(3);
    expect(data).toMatchObject({ outcome: 'none', models: [{ id: 'empty-container' }] });
    expect(data.reasons).toContain('The scanner was not calibrated: dark or air is missing.');
    scanner.send(...uncalibrated(4, { encoderUm: 0, speedMps: 0 }));
    const still = await verdict(4);
    expect(still.data).toMatchObject({ outcome: 'none', models: [{ id: 'empty-container' }] });
    expect(still.data.reasons).toContain('The scan gave no picture.');
    await until(() => box.box.scans.place(scanName(4)) === 'gone', 'the scan to be put away');
  }, 240_000);

  test('a box whose model is not there', async () => {
    const { scanner, verdict } = await startLane(undo, { bundle: false });
    scanner.send(...records(truck(false), scanName(1)));
    const { data } = await verdict(1);
    expect(data.outcome).toBe('none');
    expect(data.reasons).toContain('There is no model empty-container here.');
  }, 240_000);
});

describe('a recording of the scanner', () => {
  /** What the scanner said, decoded into a folder: frames in frames.ndjson, pixels beside it. */
  async function recorded() {
    const folder = temporaryFolder();
    undo.push(() => folder[Symbol.dispose]());
    const at = (name: string) => join(folder.path, name);
    const lines = [
      ...records(truck(false, 1, 0), scanName(1)),
      ...records(truck(true, 2, 9000), scanName(2)),
    ];
    const config = { connect: '127.0.0.1:1', pixelMm: 10, stripColumns: 16, device: 'xray-1' };
    const args = ['decode', 'linescan', '--scans', at('pixels'), '--config', JSON.stringify(config)];
    const decoded = await runQuaywatch(args, Buffer.concat(lines));
    expect(decoded.code).toBe(0);
    const frames = decoded.stdout.trim().split('\n');
    writeFileSync(join(at('pixels'), 'frames.ndjson'), `${frames.join('\n')}\n`);
    writeFileSync(at('flow.json'), JSON.stringify(laneFlow('127.0.0.1:1')));
    writeThresholdBundle(join(at('bundles'), 'empty-container'));
    const run = (input: string, ...more: string[]) =>
      runQuaywatch(['flow', 'run', at('flow.json'), '--bundles', at('bundles'), '--input', input, ...more]);
    return { at, frames, run, input: join(at('pixels'), 'frames.ndjson') };
  }
  const verdictsOf = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event)
      .filter(({ type }) => type === 'quaywatch.scan.verdict');

  test('gives the same bytes each time, whole or cut and gone on with', async () => {
    const { at, frames, run, input } = await recorded();
    const once = await run(input);
    expect(once.code).toBe(0);
    expect(outcomes(verdictsOf(once.stdout))).toEqual(['clear', 'suspect']);
    expect(once.stderr.match(/bundle\.unsigned/g)).toHaveLength(1);
    expect((await run(input)).stdout).toBe(once.stdout);
    const half = join(at('pixels'), 'half.ndjson');
    writeFileSync(half, `${frames.slice(0, Math.floor(frames.length / 3)).join('\n')}\n`);
    const begun = await run(half, '--state', at('state'), '--hold');
    const ended = await run(input, '--state', at('state'));
    expect(begun.stdout + ended.stdout).toBe(once.stdout);
  }, 240_000);

  test('whose pixels were changed is not judged on them', async () => {
    const { at, run, input } = await recorded();
    const pixels = join(at('pixels'), `${scanName(1)}.u16`);
    const bytes = readFileSync(pixels);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(pixels, bytes);
    const done = await run(input);
    expect(outcomes(verdictsOf(done.stdout))).toEqual(['none', 'suspect']);
    expect(done.stderr).toMatch(/look: frame\.damaged/);
  }, 240_000);
});

test('kill -9 in the middle of a scan: no scan without a verdict, none of them clear, and the lane goes on', async () => {
  const scanner = await startScanner(undo);
  const folder = temporaryFolder();
  undo.push(() => folder[Symbol.dispose]());
  writeThresholdBundle(join(folder.path, 'models', 'empty-container'));
  const http = await freePort();
  writeFileSync(join(folder.path, 'flow.json'), JSON.stringify(laneFlow(scanner.address)));
  const config = join(folder.path, 'box.json');
  writeFileSync(
    config,
    JSON.stringify({
      name: 'killed',
      data: 'data',
      http: `127.0.0.1:${http}`,
      broker: { listen: `127.0.0.1:${await freePort()}` },
      flows: ['flow.json'],
      models: { folders: ['models'], allowUnsigned: true },
    }),
  );
  const status = async () =>
    (await (await fetch(`http://127.0.0.1:${http}/status`)).json()) as {
      devices: { driver: string; state: string }[];
      flows: { received: number; emitted: number }[];
    };
  const start = async () => {
    const box = quaywatch(['edge', '--config', config]);
    undo.push(() => box.stop('SIGKILL'));
    await box.said(/The box .* runs/);
    await heard(scanner, async () =>
      (await status()).devices.some(({ driver, state }) => driver === 'linescan' && state === 'live'),
    );
    return box;
  };
  const first = await start();
  const before = (await status()).flows[0]?.received ?? 0;
  // Both are empty: whatever the box says of what it has seen in part, clear would be wrong.
  const [cut, whole] = [records(truck(false, 1), scanName(1)), records(truck(false, 2), scanName(2))];
  scanner.send(...cut.slice(0, 600));
  await until(async () => ((await status()).flows[0]?.received ?? 0) >= before + 4, 'the first strips', soon);
  await sleep(300); // committed by then: what was not never came, and the box says that it was away
  await first.stop('SIGKILL');
  const second = await start();
  scanner.send(...cut.slice(600), ...whole);
  const outbox = () => {
    const id = second.stderr().match(/The box (\S+) runs/)?.[1] as string;
    const origin = { site: 'local', box: id };
    const opened = new Outbox({
      folder: join(folder.path, 'data', 'outbox'),
      origin,
      maxBytes: 1e9,
      now: Date.now,
    });
    try {
      expect(opened.damage).toBeUndefined();
      return (['alarm', 'verdict', 'telemetry'] as const)
        .flatMap((priority) => opened.read(priority, 0, 1e6, 1e9).events)
        .map((text) => JSON.parse(text) as Event);
    } finally {
      opened.close();
    }
  };
  // The scan that was under way is judged by the clock, six seconds later: until then all may stand still.
  let [emitted, sinceMs] = [-1, performance.now()];
  await until(
    async () => {
      const now = (await status()).flows[0]?.emitted ?? 0;
      if (now !== emitted) [emitted, sinceMs] = [now, performance.now()];
      return performance.now() - sinceMs > 10_000;
    },
    'all verdicts',
    90_000,
  );
  await second.stop();
  const events = outbox();
  const of = (type: string) => events.filter((event) => event.type === `quaywatch.scan.${type}`);
  const scans = (type: string) => of(type).map(({ data }) => String(data.scan));
  const parts = of('verdict').filter(({ data }) => String(data.scan).startsWith(scanName(1)));
  expect(parts.length).toBeGreaterThan(0);
  expect(new Set(outcomes(parts))).toEqual(new Set(['none']));
  expect(outcomes(of('verdict').filter(({ data }) => data.scan === scanName(2)))).toEqual(['clear']);
  expect(new Set(scans('verdict'))).toEqual(new Set(scans('started')));
  expect(scans('verdict')).toHaveLength(new Set(scans('verdict')).size);
  expect(events.map(({ type }) => type)).toContain('quaywatch.device.gap');
  const numbers = events.map(({ sequence }) => sequence).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, n) => n + 1));
}, 240_000);
