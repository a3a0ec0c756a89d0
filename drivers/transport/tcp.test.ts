import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Fault } from '#flows/fault';
import { until } from '#test/support/until';
import { listenAsDevice } from './device-end.ts';
import { parseAddress } from './link.ts';
import { tcpTransport } from './tcp.ts';
import { listenTcp } from './tcp-server.ts';

const signal = () => new AbortController().signal;
const codeOf = (code: string) => (error: unknown) => error instanceof Fault && error.problem.code === code;

describe('an address', () => {
  test.each([
    ['127.0.0.1:7611', { host: '127.0.0.1', port: 7611 }],
    ['gate.local:1', { host: 'gate.local', port: 1 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['host', undefined],
    ['host:99999', undefined],
    [':80', undefined],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));
});

describe('a TCP link', () => {
  test('carries bytes both ways, and can be held up', async () => {
    let atDevice = '';
    const device = await listenAsDevice('127.0.0.1', 0, (bytes) => {
      atDevice += Buffer.from(bytes).toString();
    });
    const { port } = parseAddress(device.address) ?? { port: 0 };
    let atBox = 0;
    const link = await tcpTransport('127.0.0.1', port).open(
      {
        data: (bytes) => {
          atBox += bytes.length;
        },
      },
      signal(),
    );
    await link.write(Buffer.from('hello'));
    await until('it was heard', () => atDevice === 'hello');
    link.pause();
    device.send(Buffer.alloc(500_000));
    await new Promise((done) => setTimeout(done, 50));
    const held = atBox;
    link.resume();
    await until('all of it came', () => atBox === 500_000);
    expect(held).toBeLessThan(500_000);
    device.hangUp();
    expect((await link.closed)?.code).toMatch(/^link\.(closed|failed)$/);
    await device.close();
  });

  test('to nobody fails with the reason', async () => {
    const opening = tcpTransport('127.0.0.1', 1).open({ data: () => undefined }, signal());
    await expect(opening).rejects.toSatisfy(codeOf('link.failed'));
  });

  test('that does not come about ends at once when it is aborted', async () => {
    const silent = createServer();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const stop = new AbortController();
    stop.abort(new Fault({ code: 'enough', message: '', help: '' }));
    await expect(tcpTransport('127.0.0.1', 9).open({ data: () => undefined }, stop.signal)).rejects.toSatisfy(
      codeOf('enough'),
    );
    silent.close();
  });
});

test('a server takes no more links than it may, and ends them with itself', async () => {
  const heard: string[] = [];
  const server = await listenTcp({
    host: '127.0.0.1',
    port: 0,
    maxLinks: 1,
    accept: () => ({ data: (bytes) => void heard.push(Buffer.from(bytes).toString()) }),
  });
  const { host, port } = server.address;
  const first = await tcpTransport(host, port).open({ data: () => undefined }, signal());
  const second = await tcpTransport(host, port).open({ data: () => undefined }, signal());
  await second.closed;
  await first.write(Buffer.from('one'));
  await until('the first is heard', () => heard.length > 0);
  await server.close();
  expect(await first.closed).toBeDefined();
  const taken = await listenTcp({ host, port, accept: () => ({ data: () => undefined }) });
  await expect(listenTcp({ host, port, accept: () => ({ data: () => undefined }) })).rejects.toSatisfy(
    codeOf('link.failed'),
  );
  await taken.close();
});
