import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from './free-port.ts';

const range = '/proc/sys/net/ipv4/ip_local_port_range';

test('ports that are asked for at once are all different, and none that the kernel gives to others', async () => {
  const ports = await Promise.all(Array.from({ length: 1000 }, () => freePort()));
  expect(new Set(ports).size).toBe(1000);
  const [given] = existsSync(range) ? readFileSync(range, 'utf8').split('\t') : [];
  expect(Math.max(...ports)).toBeLessThan(Math.max(32_768, Number(given ?? 0)));
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(ports[0], '127.0.0.1', done));
});
