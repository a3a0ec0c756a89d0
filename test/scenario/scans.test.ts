import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { packMessage, unpackMessage } from '#firmware-config/binary-message';
import { hashOfFile } from '#firmware-config/scan-file/read';
import { reduce } from '#firmware-config/scan-file/reduce';
import { topics } from '#flows/wire';
import type { ApiProblem, LiveMessage, ScanDetail, ScanPage, ScanView, StripHeader } from '#hub/api/types';
import { startBox, type TestBox } from '#test/support/box';
import { Chain, enrol, link } from '#test/support/box-client';
import { freePort } from '#test/support/free-port';
import { startHub, type TestHub, until } from '#test/support/hub';
import { ended, opened, pixels } from '#test/support/scans';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const rows = 200;
const stride = rows * 2;
let hub: TestHub;
let box: TestBox;

async function start(fetch: 'all' | 'asked', scans: Record<string, unknown> = {}): Promise<void> {
  // A port that stays: the hub comes back where the box looks for it.
  hub = await startHub({ broker: `127.0.0.1:${await freePort()}`, scans: { fetch } });
  box = await startBox({ token: await hub.token(), flows: [], config: { scans } });
  await until(async () => (await hub.json<{ link: string }>(`/boxes/${id()}`)).link === 'connected');
}
afterEach(async () => {
  await box.close();
  await hub.close();
});
const id = () => box.box.identity.box;
const view = (scan: string) => hub.json<ScanDetail>(`/scans/${id()}/${scan}`);

/** Writes a scan in strips of 10 columns; gives all of its samples. */
function write(scan: string, columns: number): Uint16Array {
  const writer = box.box.scans.open(opened(scan, rows));
  const all = pixels(columns * stride, scan);
  for (let column = 0; column < columns; column += 10) {
    writer.append(all.subarray(column * stride, (column + 10) * stride));
  }
  writer.close('complete', ended);
  return all;
}

async function pixelsOf(scan: string, query = ''): Promise<{ samples: Uint16Array; headers: Headers }> {
  const answer = await hub.api(`/scans/${id()}/${scan}/pixels${query}`);
  expect(answer.status).toBe(200);
  return { samples: new Uint16Array(await answer.arrayBuffer()), headers: answer.headers };
}

const verdict = (scan: string) =>
  box.box.runner.group.notice({
    type: 'quaywatch.scan.verdict',
    subject: 'CONT 123456 7',
    priority: 'verdict',
    stage: 'verdict',
    time: new Date().toISOString(),
    data: {
      scan,
      outcome: 'suspect',
      confidence: 0.8,
      reasons: ['A load was found.'],
      findings: [
        {
          label: 'load',
          score: 0.8,
          model: 'm',
          modelVersion: '1',
          region: { column: 1, row: 2, columns: 3, rows: 4 },
        },
      ],
      models: [{ id: 'm', version: '1', signed: false, threshold: 0.5 }],
      simulationValidated: true,
    },
  });

describe('with every scan fetched in the background', () => {
  beforeEach(() => start('all'));

  test('a scan goes from the lines to the screen: strips, file, picture, verdict, and the way back', async () => {
    const socket = new WebSocket(`${hub.hub.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: hub.cookie, origin: hub.hub.url },
    });
    const messages: LiveMessage[] = [];
    const strips: { header: StripHeader; samples: Uint16Array }[] = [];
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (!binary) messages.push(JSON.parse(String(data)) as LiveMessage);
      else {
        const { header, body } = unpackMessage(data) ?? { body: new Uint8Array() };
        const samples = new Uint16Array(Uint8Array.from(body).buffer);
        strips.push({ header: header as StripHeader, samples });
      }
    });
    await until(() => messages.length > 0);
    socket.send(JSON.stringify({ kind: 'watch', scans: [{ box: id(), scan: 's1' }] }));

    const writer = box.box.scans.open(opened('s1', rows));
    const all = pixels(640 * stride, 's1');
    const views = () => messages.flatMap((m) => (m.kind === 'scan' && m.scan.scan === 's1' ? [m.scan] : []));
    await until(() => views().some(({ state }) => state === 'live'));
    for (let column = 0; column < 640; column += 32) {
      writer.append(all.subarray(column * stride, (column + 32) * stride));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    writer.close('complete', ended);
    verdict('s1');
    await until(() => views().some(({ place }) => place === 'hub'));
    await until(() => views().some(({ verdict: said }) => said?.outcome === 'suspect'));

    expect(strips.length).toBeGreaterThan(2);
    for (const { header, samples } of strips) {
      const { column0, step, columns } = header;
      const own = all.subarray(column0 * stride, (column0 + columns * step) * stride);
      const small = reduce({ samples: own, rows, columns: own.length / stride }, 2, step);
      expect([header.box, header.scan, header.rows]).toEqual([id(), 's1', small.rows]);
      expect(samples).toEqual(small.samples);
    }

    expect((await pixelsOf('s1')).samples).toEqual(all);
    const part = await pixelsOf('s1', '?from=100&columns=30&step=4');
    const want = reduce({ samples: all.subarray(100 * stride, 130 * stride), rows, columns: 30 }, 2, 4);
    expect(part.samples).toEqual(want.samples);
    expect(['x-columns', 'x-rows', 'x-planes'].map((name) => part.headers.get(name))).toEqual([
      '8',
      '50',
      '2',
    ]);
    expect((await pixelsOf('s1', '?from=9999')).samples.length).toBe(0);

    const detail = await view('s1');
    expect(detail).toMatchObject({
      site: 'quay',
      subject: 'CONT 123456 7',
      state: 'complete',
      columns: 640,
      rows,
      place: 'hub',
      thumbnail: true,
      verdict: { outcome: 'suspect', simulationValidated: true },
      findings: [{ label: 'load', signed: false, region: { column: 1, row: 2, columns: 3, rows: 4 } }],
      trace: { models: [{ id: 'm', threshold: 0.5 }], lines: { received: 10 }, calibration: 'good' },
    });
    expect(detail.fetched).toBe(detail.bytes);
    expect(detail.trace.events.map(({ type }) => type.split('.')[2])).toEqual([
      'started',
      'verdict',
      'completed',
    ]);
    const event = await hub.api(`/events/${id()}/${detail.verdict?.sequence}`);
    expect(await event.json()).toMatchObject({ event: { type: 'quaywatch.scan.verdict' } });
    const picture = await hub.api(`/scans/${id()}/s1/thumbnail`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const place = box.box.scans.place('s1') as { file: string };
    expect(await hashOfFile(place.file)).toBe(detail.trace.sha256);
    socket.close();
  });

  test('lists by what is asked, and as it was', async () => {
    write('a', 20);
    const between = await until(async () => (await hub.json<ScanPage>('/scans?limit=5')).scans[0]?.ended);
    write('b', 20);
    verdict('b');
    await until(async () => (await hub.json<ScanPage>('/scans?outcome=suspect')).scans[0]?.bytes);
    const names = async (query: string) =>
      (await hub.json<ScanPage>(`/scans${query}`)).scans.map(({ scan }) => scan);
    expect(await names('?subject=CONT%20123456%207')).toEqual(['b']);
    expect(await names('?scanner=feed&site=quay')).toEqual(['b', 'a']);
    expect(await names('?outcome=clear')).toEqual([]);
    const first = await hub.json<ScanPage>('/scans?limit=1');
    expect(await names(`?limit=1&before=${first.next}`)).toEqual(['a']);
    const then = await hub.json<ScanPage>(`/scans?at=${between}`);
    expect(then.scans.map((one) => [one.state, one.verdict])).toEqual([
      ['complete', undefined],
      ['complete', undefined],
    ]);
    const before = await hub.json<ScanPage>('/scans?at=2026-01-01T00:00:10.000Z');
    expect(before.scans.map(({ state }) => state)).toEqual(['live', 'live']);
    for (const [path, status] of [
      [`/scans/${id()}/nothing`, 404],
      [`/scans/${id()}/nothing/pixels`, 404],
      [`/scans/${id()}/a/pixels?step=0`, 400],
      [`/scans/${id()}/a/pixels?columns=-1`, 400],
      ['/scans?before=x', 400],
    ] as const) {
      expect((await hub.api(path)).status, path).toBe(status);
    }
  });
});

test('what a hostile box sends is refused, counted, and disturbs nobody', async () => {
  hub = await startHub();
  box = await startBox({ token: await hub.token(), flows: [] });
  const identity = await enrol(await hub.token('hostile'));
  const hostile = await link(identity);
  const chain = new Chain(identity.box, 'quay');
  const facts = { scanner: 'f', rows, planes: ['high'], energiesMv: [6], pixelMm: 4, airLevel: 60_000 };
  const started = '2026-01-01T00:00:00.000Z';
  const stored = { ended: started, end: 'complete', columns: 10, bytes: 40_000, sha256: 'ab'.repeat(32) };
  const type = 'quaywatch.scan.completed';
  const scan = '../../evil';
  const event = chain.event('verdict', { type, data: { scan, ...facts, started, ...stored } });
  hostile.sendBatch(chain.batch('verdict', [event]));
  const path = `/scans/${identity.box}/${encodeURIComponent(scan)}`;
  const fetches = () => hostile.received.filter(({ kind }) => kind === 'scan-fetch').length;
  await until(() => fetches() > 0);
  const say = (header: object, body: Uint8Array = new Uint8Array()) =>
    hostile.client.publish(topics.scans(identity.box), packMessage(header, body), { qos: 1 });
  const refusals = async (code: string) => {
    const text = await (await fetch(`${hub.hub.url}/metrics`)).text();
    return Number(new RegExp(`refused_total{code="${code}"} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  hostile.client.publish(topics.scans(identity.box), Buffer.from('ffffffff00', 'hex'), { qos: 1 });
  say({ kind: 'piece', scan, offset: -1 });
  say({
    kind: 'strip',
    scan,
    number: 1,
    skipped: 0,
    column0: 0,
    columns: 1e9,
    rows: 1e9,
    planes: ['a'],
    step: 1,
  });
  say({ kind: 'piece', scan: 'other', offset: 0 }, new Uint8Array(1000));
  await until(async () => (await refusals('ingest.malformed')) >= 2);
  // As long as it was announced and another content, as often as it is asked for.
  for (let tries = 1; tries <= 3; tries += 1) {
    await until(() => fetches() >= tries);
    for (let offset = 0; offset < 40_000; offset += 8000) {
      say({ kind: 'piece', scan, offset }, new Uint8Array(8000));
    }
  }
  await until(async () => (await hub.json<ScanView>(path)).place === 'gone');
  expect(await refusals('scan.hash')).toBe(3);
  expect((await hub.api(`${path}/fetch`, { method: 'POST' })).status).toBe(410);
  const names = readdirSync(hub.folder, { recursive: true }).map(String);
  expect(names.filter((name) => name.endsWith('.part') || name.includes('evil'))).toEqual([]);
  // Another box's topic is not its own.
  hostile.client.publish(
    topics.scans(id()),
    packMessage({ kind: 'piece', scan, offset: 0 }, new Uint8Array(9)),
  );
  await until(async () => (await refusals('link.topic')) >= 1);
  const all = write('honest', 40);
  await until(async () => (await hub.json<ScanPage>(`/scans?box=${id()}`)).scans[0]?.place === 'hub');
  expect((await pixelsOf('honest')).samples).toEqual(all);
  await hostile.close();
});

describe('with scans fetched when somebody asks', () => {
  beforeEach(() => start('asked', { fetchBytesPerSecond: 400_000 }));

  test('a transfer that is broken again and again gives the same bytes', async () => {
    const all = write('s', 1500);
    await until(async () => (await hub.json<ScanPage>('/scans')).scans[0]?.bytes);
    expect(await view('s')).toMatchObject({ place: 'box' });
    const elsewhere = await hub.api(`/scans/${id()}/s/pixels`);
    expect([elsewhere.status, ((await elsewhere.json()) as ApiProblem).code]).toEqual([
      404,
      'scan.elsewhere',
    ]);
    const asked = await hub.api(`/scans/${id()}/s/fetch`, { method: 'POST' });
    expect(await asked.json()).toMatchObject({ place: 'fetching' });

    const part = join(hub.folder, 'data', 'scans', id(), 's.part');
    const fetched = () => (existsSync(part) ? statSync(part).size : 0);
    const grown = async (by: number) => {
      const from = fetched();
      await until(async () => fetched() >= from + by || (await view('s')).place === 'hub');
    };
    await grown(60_000);
    await box.restart();
    await grown(60_000);
    await hub.restart();
    await grown(60_000);
    // The file that is there already is taken up, not begun anew.
    const { bytes = 0, place } = await view('s');
    expect([place, fetched() < bytes, fetched() > 150_000]).toEqual(['fetching', true, true]);
    await box.restart();
    await until(async () => (await view('s')).place === 'hub');
    expect((await pixelsOf('s')).samples).toEqual(all);
    expect(readdirSync(join(hub.folder, 'data', 'scans', id()))).toEqual(['s.scan']);
    const again = await hub.api(`/scans/${id()}/s/fetch`, { method: 'POST' });
    expect((await again.json()) as ScanView).toMatchObject({ place: 'hub' });
  });
});
