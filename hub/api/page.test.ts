import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/quaywatch';
import { servePage } from './page.ts';
import { answerError } from './problems.ts';
import type { Api } from './route.ts';

/** A page as Vite leaves it: the files before are gone, the new ones have other names. */
function build(folder: string, name: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}assets`, { recursive: true });
  writeFileSync(`${folder}assets/index-${name}.js`, `show('${name}')`);
  writeFileSync(`${folder}index.html`, `<script type="module" src="/assets/index-${name}.js"></script>`);
}

test('a page that is built anew under a running hub is served with its files, and only what has a hash is kept', async () => {
  using at = temporaryFolder();
  const folder = `${at.path}/app/`;
  build(folder, 'a1');
  const api = Fastify() as unknown as Api;
  api.setErrorHandler(answerError);
  await servePage(api, folder);
  const get = (url: string, headers = {}) => api.inject({ url, headers });

  for (const name of ['a1', 'b2']) {
    build(folder, name);
    for (const url of ['/', '/index.html', '/events?type=x', '/boxes/b-1']) {
      const page = await get(url);
      expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.body).toContain(`index-${name}.js`);
    }
    const code = await get(`/assets/index-${name}.js`);
    expect([code.statusCode, code.body]).toEqual([200, `show('${name}')`]);
    expect(code.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    // unchanged, it costs no body
    const { etag } = (await get('/')).headers;
    expect((await get('/live', { 'if-none-match': etag })).statusCode).toBe(304);
  }

  for (const url of ['/assets/index-a1.js', '/robots.txt', '/api/v1/none', '/assets/..%2findex.html'])
    expect([404, 403]).toContain((await get(url)).statusCode);
  expect((await api.inject({ method: 'POST', url: '/events' })).statusCode).toBe(404);
  rmSync(folder, { recursive: true });
  expect((await get('/')).statusCode).toBe(404);
  await api.close();
});
