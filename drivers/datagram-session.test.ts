import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { aisCodec } from './ais/codec.ts';
import { datagramSession } from './datagram-session.ts';

/** What two hosts say at one port, and where a datagram breaks off. */
test('hosts are kept apart, and a frame ends with its datagram', async () => {
  const port = await free();
  const world = new DeviceWorld();
  const session = datagramSession({
    driver: 'ais',
    codec: aisCodec,
    listen: { host: '127.0.0.1', port },
    stamp: {},
    staleAfterSeconds: 60,
    environment: world.environment,
  });
  session.start();
  const [one, two] = [await sender('127.0.0.1', port), await sender('127.0.0.2', port)];
  const report = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C';
  const [first, second] = [
    '!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E\r\n',
    '!AIVDM,2,2,3,B,1@0000000000000,2*55\r\n',
  ];
  try {
    await until('it listens', () => {
      one.send(report);
      return world.messages.length > 0;
    });
    world.messages.length = 0;
    // Half a sentence, and the next datagram begins with what would complete it.
    one.send(report.slice(0, 30));
    one.send(report.slice(30));
    one.send(first);
    two.send(second);
    one.send(second);
    await until('the whole message came', () => world.messages.some(({ kind }) => kind === 'identity'));
    expect(world.messages.filter(({ kind }) => kind === 'identity')).toHaveLength(1);
    expect(world.messages.filter(({ attributes }) => attributes.messageType === 5)).toMatchObject([
      { name: 'MT.MITCHELL' },
    ]);
    await until('what was none is told', () => world.codes().length >= 3);
    expect(world.codes().sort()).toEqual(['ais.cut', 'ais.incomplete', 'ais.noise']);
  } finally {
    await session.stop();
    one.close();
    two.close();
  }
});

async function bound(host: string) {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, host, done));
  return socket;
}

async function sender(host: string, port: number) {
  const socket = await bound(host);
  return { send: (text: string) => socket.send(text, port, '127.0.0.1'), close: () => socket.close() };
}

async function free(): Promise<number> {
  const socket = await bound('127.0.0.1');
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(done));
  return port;
}
