import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type ListenOptions } from 'node:net';

/**
 * Ports below those that Linux gives to whoever names none (32768 on): who asks for a port of these and listens on it a
 * second later, or again after a kill, does not find that somebody was given it meanwhile.
 */
const first = 10_000;
const end = 32_768;

/** A port of loopback that nobody listens on, neither TCP nor UDP, and that no other test gets while this process lives. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, end);
    if ((await isReserved(port)) && (await isFreeOfStreams(port)) && (await isFreeOfDatagrams(port)))
      return port;
  }
}

/** By a name that the kernel knows, and forgets with the process. */
async function isReserved(port: number): Promise<boolean> {
  const holder = await listening({ path: `\0quaywatch-test-port-${port}` });
  holder?.unref();
  return holder !== undefined;
}

async function isFreeOfStreams(port: number): Promise<boolean> {
  const server = await listening({ host: '127.0.0.1', port });
  await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  return server !== undefined;
}

function listening(where: ListenOptions) {
  const server = createServer();
  return new Promise<typeof server | undefined>((done) => {
    server.once('error', () => done(undefined));
    server.listen(where, () => done(server));
  });
}

async function isFreeOfDatagrams(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const isBound = await new Promise<boolean>((done) => {
    socket.once('error', () => done(false));
    socket.bind(port, '127.0.0.1', () => done(true));
  });
  await new Promise<void>((done) => socket.close(() => done()));
  return isBound;
}
