import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Board } from '#flows/ore/board';
import type { InstrumentCharts } from '#flows/ore/instrument-charts';
import { json, type Page, type Pages } from '../http.ts';
import type { KeptFold } from './kept-fold.ts';
import type { LiveView } from './live-view.ts';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Where the built page is, seen from the source tree or from dist; undefined: it was not built. */
const pageFolder = (): string | undefined =>
  ['../../dist/hub/web/app/', '../../hub/web/app/']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(join(folder, 'berth.html')));

const file = (folder: string, name: string): Page => ({
  status: 200,
  type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
  body: readFileSync(join(folder, name), 'utf8'),
});

/** The screen of a berth for whoever stands beside the box: page, board, charts of instruments and view. */
export function berthPages(
  board: KeptFold<Board>,
  charts: KeptFold<InstrumentCharts>,
  live: LiveView,
  about: () => object,
): Pages {
  const notBuilt = () => json(404, { code: 'http.page', message: 'The page was not built: npm run build.' });
  return {
    '/berth': () => {
      const folder = pageFolder();
      return folder === undefined ? notBuilt() : file(folder, 'berth.html');
    },
    '/berth/board.json': () => json(200, { ...about(), board: board.kept }),
    '/berth/instruments.json': () => json(200, charts.kept),
    '/berth/live.json': () => json(200, live.look() ?? null),
    '/assets/*': (path) => {
      const folder = pageFolder();
      const name = path.slice('/assets/'.length);
      if (folder === undefined || !/^[\w-]+(\.[\w-]+)+$/.test(name)) return notBuilt();
      return existsSync(join(folder, 'assets', name)) ? file(join(folder, 'assets'), name) : notBuilt();
    },
  };
}
