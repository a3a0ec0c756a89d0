import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { say } from './refusal.mjs';
import { run } from './run.mjs';
import { buildFiles, stampOf } from './stamp.mjs';

const stampFile = join(root, 'dist/.stamp');
const stamp = () => stampOf(root, buildFiles(root));

export const upToDate = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();

/** @param {string} path of a program in node_modules */
const tool = (path) => join(root, 'node_modules', path);

/** TypeScript and what it loads at every start to dist/, the screen to dist/hub/web/app. The stamp is of the sources as they were before. */
export async function build() {
  say('Building …');
  const before = stamp();
  rmSync(stampFile, { force: true });
  await run('TypeScript', process.execPath, [tool('typescript/bin/tsc'), '-b', '--pretty', 'false']);
  // A process of its own: vite sets NODE_ENV to production, and npm after it would leave the tools of tests out.
  await run('third parties', process.execPath, [join(root, 'scripts/setup/vendor.mjs')]);
  if (existsSync(join(root, 'hub/web/vite.config.ts'))) {
    const vite = [
      tool('vite/bin/vite.js'),
      'build',
      '--config',
      'hub/web/vite.config.ts',
      '--logLevel',
      'warn',
    ];
    await run('the screen', process.execPath, vite);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, before);
}
