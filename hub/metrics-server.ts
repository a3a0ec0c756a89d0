import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAddress } from './config.ts';
import { faults } from './faults.ts';
import type { Metrics } from './metrics.ts';

/** Serves the figures for Prometheus and nothing else, to whoever can reach the address. Throws `hub.port`. */
export async function serveMetrics({ registry }: Metrics, address: string) {
  const { host, port } = parseAddress(address);
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => {
    throw faults.fault('hub.port', { address, what: 'metrics', detail: error.message }, address, error);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close(): Promise<unknown> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      return closed;
    },
  };
}
