import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from './config.ts';
import type { DeviceSession } from './driver.ts';
import { osmandAbout } from './osmand/config.ts';
import { osmand } from './osmand/driver.ts';
import { driverEntry } from './registry.ts';
import { type HttpServerLink, listenHttp } from './transport/http-server.ts';

const report = '/?id=one&lat=51.95&lon=4.05';

describe('a device that reports over HTTP', () => {
  let world: DeviceWorld;
  let session: DeviceSession;
  let url: string;

  beforeEach(async () => {
    world = new DeviceWorld({ commits: false });
    const probe = await listenHttp({ ...server, take: () => undefined });
    const { port } = probe.address;
    await probe.close();
    url = `http://127.0.0.1:${port}`;
    const entry = driverEntry(osmandAbout.type);
    const checked =
      entry && checkConfig(entry, { listen: `127.0.0.1:${port}`, devices: ['one'], maxBodyBytes: 1000 });
    if (!checked || 'problems' in checked) throw new Error(JSON.stringify(checked));
    session = osmand.open(checked.config as never, world.environment);
    session.start();
    await until('it listens', () => session.health().state !== 'backoff');
    await new Promise((done) => setTimeout(done, 50));
  });
  afterEach(() => session.stop());

  test('is answered when what it said is on disk, and not before', async () => {
    let status = 0;
    const call = fetch(`${url}${report}`).then((response) => {
      status = response.status;
    });
    await until('it came', () => world.messages.length === 1);
    await new Promise((done) => setTimeout(done, 100));
    expect([status, world.uncommitted]).toEqual([0, 1]);
    world.commit();
    await call;
    expect(status).toBe(200);
    expect(session.health()).toMatchObject({ state: 'live', messages: 1 });
  });

  test('that is not on the list is refused, and said so', async () => {
    const call = fetch(`${url}/?id=two&lat=1&lon=2`);
    await until('it is told', () => world.codes().length === 1);
    world.commit();
    const answer = await call;
    expect([answer.status, world.codes(), world.messages]).toEqual([403, ['callin.unknown'], []]);
    expect(await answer.text()).toContain('two');
  });

  test('a request with one wrong location of two is refused whole', async () => {
    const at = (latitude: number) => ({ coords: { latitude, longitude: 4 } });
    const body = JSON.stringify({ device_id: 'one', location: [at(51), at(151)] });
    const call = fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    await until('it is told', () => world.codes().length === 1);
    world.commit();
    expect([(await call).status, world.codes(), world.messages]).toEqual([400, ['osmand.place'], []]);
  });

  test('has a body no larger than allowed, and no words that are no HTTP', async () => {
    const large = await fetch(url, { method: 'POST', body: 'x'.repeat(2000) });
    expect(large.status).toBe(413);
    const streamed = await fetch(url, {
      method: 'POST',
      body: new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(600));
        },
      }),
      duplex: 'half',
    } as RequestInit).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(streamed);
    expect(await speak('\u0000\u0001nothing of the kind\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    const call = fetch(`${url}${report}`);
    await until('the next is heard', () => world.messages.length === 1);
    world.commit();
    expect((await call).status).toBe(200);
  });

  test('is told to come again while the flow has no room', async () => {
    world.credit(false);
    const answer = await fetch(`${url}${report}`);
    expect([answer.status, answer.headers.get('retry-after'), world.messages]).toEqual([503, '5', []]);
    world.credit(true);
    const call = fetch(`${url}${report}`);
    await until('it is heard', () => world.messages.length === 1);
    world.commit();
    expect((await call).status).toBe(200);
  });

  function speak(text: string): Promise<string> {
    return new Promise((done) => {
      let heard = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.once('close', () => done(heard));
    });
  }
});

const server = { host: '127.0.0.1', port: 0, maxBodyBytes: 1000, maxLinks: 4 };

describe('a server', () => {
  let link: HttpServerLink | undefined;
  afterEach(() => link?.kill());

  test('does not wait for who sends a byte now and then, and others are not held up', async () => {
    link = await listenHttp({ ...server, requestMs: 400, take: (_, answer) => answer({ status: 200 }) });
    const { port } = link.address;
    const socket = connect(port, '127.0.0.1');
    const trickle = setInterval(() => socket.write('a'), 50);
    socket.write('GET / HTTP/1.1\r\nx: ');
    socket.on('error', () => undefined);
    const closed = new Promise((done) => socket.once('close', done));
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
    await closed; // though it would say a byte for ever
    clearInterval(trickle);
  });

  test('an answer that does not come is 503', async () => {
    link = await listenHttp({ ...server, answerMs: 100, take: () => undefined });
    expect((await fetch(`http://127.0.0.1:${link.address.port}`)).status).toBe(503);
  });

  test('connections over the limit are closed at once', async () => {
    link = await listenHttp({ ...server, maxLinks: 2, take: (_, answer) => answer({ status: 200 }) });
    const { port } = link.address;
    const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await until('two of four are closed', () => sockets.filter(({ closed }) => closed).length === 2);
    for (const socket of sockets) socket.destroy();
  });
});
