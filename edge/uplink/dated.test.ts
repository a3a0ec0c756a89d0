import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TlsFiles, tlsFiles } from '#test/support/tls-files';
import { connectDated } from './dated.ts';

let folder: string;
let files: TlsFiles;
let close: () => unknown;
let port: number;
const read = (name: keyof TlsFiles) => readFileSync(files[name], 'utf8');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dated-'));
  files = await tlsFiles(folder);
  const server = createServer({ key: read('key'), cert: read('certificate') }, (socket) => {
    socket.on('error', () => undefined);
    socket.end('x');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  close = () => server.close();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a box does that shows the server's own certificate: who it is does not matter here. */
const dial = (authority: keyof TlsFiles, asOf: number, host = '127.0.0.1') =>
  connectDated(
    {
      broker: `mqtts://${host}:${port}`,
      box: 'b',
      authority: read(authority),
      certificate: read('certificate'),
      key: read('key'),
    },
    asOf,
  );

test('a certificate that was good at the time that was known last is taken', async () => {
  const socket = await dial('authority', Date.now() - 1000);
  socket.destroy();
});

test.each([
  ['one that had ended by then', 'authority', Date.UTC(2126, 0), '127.0.0.1', /ended on/],
  ['one of another authority', 'stranger', Date.now(), '127.0.0.1', /not of the hub's authority/],
  ['one of another name', 'authority', Date.now(), 'localhost', /is not for localhost/],
] as const)('%s is refused', async (_, authority, asOf, host, message) => {
  await expect(dial(authority, asOf, host)).rejects.toThrow(message);
});
