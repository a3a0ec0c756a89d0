import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { which } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/**
 * How to call npm: the one that called us, else the one on the PATH.
 * @returns {{ command: string, args: string[] }}
 */
export function npm() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.js$/.test(cli) && existsSync(cli)) return { command: process.execPath, args: [cli] };
  const found = which('npm');
  if (!found)
    throw new Refusal(
      'npm is missing: install it (it comes with Node from nodejs.org; Debian: `apt-get install npm`).',
    );
  return { command: found, args: [] };
}

/**
 * Where npm keeps its own node-gyp.
 * @param {string} prefix output of `npm prefix -g`
 */
export function nodeGyp(prefix) {
  const given = process.env.npm_config_node_gyp;
  const cli = process.env.npm_execpath;
  const candidates = [
    given,
    cli && join(dirname(cli), '../node_modules/node-gyp/bin/node-gyp.js'),
    join(dirname(process.execPath), '../lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'),
    join(prefix, 'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'),
    '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
  ];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found)
    throw new Refusal('node-gyp, which compiles native packages, is missing: install npm 10 or 11 anew.');
  return found;
}
