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
 * The page and its files, as they are on disk at each request, so that a page that is built anew is there at once. Files below
 * `assets` have a hash in their name, never change and are kept by browsers; the page is asked for anew each time (304 while it
 * is the same). Any other address without a dot is a place within the page.
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
    root: `${folder}assets/`,
    prefix: '/assets/',
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isPage = path === `${folder}index.html`;
      reply.header('cache-control', isPage ? 'no-cache' : 'public, max-age=31536000, immutable');
    },
  });
  api.setNotFoundHandler({}, async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPlace = path === '/index.html' || !path.includes('.');
    const asked = ['GET', 'HEAD'].includes(request.method) && isPlace && !path.startsWith('/api/');
    // it is gone for a moment while it is built
    if (!asked || !existsSync(`${folder}index.html`)) throw notFound(request.url);
    return reply.sendFile('index.html', folder);
  });
}
