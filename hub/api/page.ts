import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import { faults } from '../faults.ts';
import type { Api } from './route.ts';

/** Where the built page is, seen from the source tree or from dist; undefined: it was not built. */
export function findPage(): string | undefined {
  return ['../../dist/hub/web/app/', '../web/app/']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(`${folder}index.html`));
}

/**
 * The page and its files. Files with a hash in their name never change and are kept by browsers; any
 * other address without a dot is a place within the page.
 */
export async function servePage(api: Api, folder: string | undefined): Promise<void> {
  const notFound = (url: string) => faults.fault('api.notFound', { what: `address ${url}` });
  if (folder === undefined) {
    api.setNotFoundHandler(async (request) => {
      throw notFound(request.url);
    });
    return;
  }
  await api.register(staticFiles, {
    root: folder,
    cacheControl: false,
    wildcard: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(`${folder}assets/`);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  api.setNotFoundHandler({}, async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const place = request.method === 'GET' && !path.startsWith('/api/') && !path.includes('.');
    if (!place) throw notFound(request.url);
    return reply.sendFile('index.html');
  });
}
