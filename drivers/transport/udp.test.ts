import { createSocket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { until } from '#test/support/until';
import { type DatagramLink, listenUdp, sendUdp } from './udp.ts';

let links: DatagramLink[] = [];
afterEach(() => {
  for (const link of links) link.kill();
  links = [];
});

async function open() {
  const heard: { readonly text: string; readonly from: string }[] = [];
  const lost: number[] = [];
  const listener = {
    datagram: (bytes: Uint8Array, from: string) =>
      void heard.push({ text: Buffer.from(bytes).toString('latin1'), from }),
    lost: (count: number) => void lost.push(count),
  };
  const link = await listenUdp('127.0.0.1', 0, listener, new AbortController().signal);
  links.push(link);
  return { link, heard, lost, port: link.address.port };
}

/** From an address of its own: a port is none of a host. */
async function from(host: string, port: number, text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, host, done));
  await new Promise((done) => socket.send(text, port, '127.0.0.1', done));
  await new Promise<void>((done) => socket.close(done));
}

test('a datagram comes whole, with the host that sent it', async () => {
  const { heard, port } = await open();
  await from('127.0.0.1', port, 'one');
  await from('127.0.0.2', port, 'x'.repeat(20_000));
  await until('both came', () => heard.length === 2);
  expect(heard.map(({ text, from }) => [text.length, from])).toEqual([
    [3, '127.0.0.1'],
    [20_000, '127.0.0.2'],
  ]);
});

test('while it is paused a megabyte is kept, and what is lost behind it is told once', async () => {
  const { link, heard, lost, port } = await open();
  link.pause();
  const sender = sendUdp('127.0.0.1', port);
  const size = 50_000;
  for (let i = 0; i < 30; i++) {
    sender.send(Buffer.alloc(size));
    await new Promise((done) => setTimeout(done, 5));
  }
  await sender.close();
  expect(heard).toEqual([]);
  link.resume();
  await until('what was kept comes', () => heard.length >= 20);
  expect([heard.length, lost]).toEqual([20, [10 * size]]);
  await from('127.0.0.1', port, 'after');
  await until('it goes on', () => heard.at(-1)?.text === 'after');
});

test('an address that is taken is a fault, and an aborted one never opens', async () => {
  const { port } = await open();
  const listener = { datagram: () => undefined, lost: () => undefined };
  const taken = listenUdp('127.0.0.1', port, listener, new AbortController().signal);
  await expect(taken).rejects.toMatchObject({ problem: { code: 'link.failed' } });
  await expect(listenUdp('127.0.0.1', 0, listener, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
});

test('closing is an end without a problem', async () => {
  const { link } = await open();
  await link.close();
  expect(await link.closed).toBeUndefined();
});

test('what a sender was given before it was closed is sent', async () => {
  const { heard, port } = await open();
  for (let round = 0; round < 20; round++) {
    const sender = sendUdp('127.0.0.1', port);
    for (let n = 0; n < 5; n++) sender.send(Buffer.from(`${round}/${n}`));
    await sender.close();
  }
  await until('all of it came', () => heard.length === 100);
  expect(heard.map(({ text }) => text)).toEqual(
    Array.from({ length: 100 }, (_, i) => `${Math.floor(i / 5)}/${i % 5}`),
  );
});
