import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatAddress, type HostPort } from './address.ts';
import { faults } from './faults.ts';
import { detailOf } from './files.ts';

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** By path; one that ends in `/*` has all that is below. */
export type Pages = Readonly<Record<string, (path: string) => Page | Promise<Page>>>;

export const json = (status: number, value: unknown): Page => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value, null, 2)}\n`,
});

/** A few pages for machines and for whoever stands beside the box. Throws `address.taken`. */
export async function serve(
  listen: HostPort,
  pages: Pages,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://box').pathname;
    const below = `${path.slice(0, path.lastIndexOf('/'))}/*`;
    const page = [path, below]
      .map((key) => (Object.hasOwn(pages, key) ? pages[key] : undefined))
      .find(Boolean);
    const answer = async (): Promise<Page> => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { code: 'http.method' });
      return page ? await page(path) : json(404, { code: 'http.path', paths: Object.keys(pages) });
    };
    void answer()
      .catch((error: unknown) => json(500, { code: 'http.failed', message: detailOf(error) }))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  server.keepAliveTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const address = formatAddress(listen);
      reject(faults.fault('address.taken', { address, detail: detailOf(error) }, undefined, error));
    });
    server.listen(listen.port, listen.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
