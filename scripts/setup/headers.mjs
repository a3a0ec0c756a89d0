import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { npm } from './npm.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';

/**
 * The version that the headers below a prefix are of; undefined when there are none.
 * @param {string} prefix
 */
export function headersVersion(prefix) {
  const file = join(prefix, 'include/node/node_version.h');
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  /** @param {string} part */
  const part = (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1];
  return [part('MAJOR'), part('MINOR'), part('PATCH')].join('.');
}

/**
 * A folder with the C++ headers of this very Node, for node-gyp's `nodedir`, so that nothing is
 * downloaded but from the package registry: what npm is configured with, else beside Node itself, else
 * the registry's package `node-linux-<arch>` of the same version, kept in the user's cache.
 * @returns {Promise<string>}
 */
export async function nodeHeaders() {
  const version = process.versions.node;
  const beside = dirname(dirname(process.execPath));
  const cached = join(cacheFolder(), `node-headers-${version}-${process.arch}`);
  for (const prefix of [process.env.npm_config_nodedir, beside, cached]) {
    if (prefix && headersVersion(prefix) === version) return prefix;
  }
  await fetchHeaders(version, cached);
  return cached;
}

export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'quaywatch');
}

/**
 * @param {string} version
 * @param {string} target
 */
async function fetchHeaders(version, target) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = `${target}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const { command, args } = npm();
    const pack = ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', folder];
    const archive =
      (await run('headers of Node', command, [...args, ...pack])).trim().split('\n').at(-1) ?? '';
    const unpack = ['-xzf', join(folder, archive), '-C', folder, '--strip-components=1', 'package/include'];
    await run('headers of Node', 'tar', unpack);
    if (headersVersion(folder) !== version) {
      throw new Refusal(
        `${name}@${version} carries no headers: install Node's headers and set npm_config_nodedir to their prefix.`,
      );
    }
    rmSync(join(folder, archive));
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
