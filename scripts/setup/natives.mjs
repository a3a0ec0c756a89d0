import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeHeaders } from './headers.mjs';
import { fetchKept, keep } from './kept.mjs';
import { nodeGyp, npm } from './npm.mjs';
import { root, which } from './paths.mjs';
import { Refusal, say } from './refusal.mjs';
import { run } from './run.mjs';

/**
 * A package with C++ in it: a line of code that fails when what was compiled does not load, and the file that
 * is all of it, where there is just one.
 * @typedef {{ name: string, what: string, probe: string, binary?: string }} Native
 */

/** @type {readonly Native[]} */
const natives = [
  {
    name: 'better-sqlite3',
    what: 'SQLite',
    probe: "new (require('better-sqlite3'))(':memory:').close()",
    binary: 'build/Release/better_sqlite3.node',
  },
  { name: '@serialport/bindings-cpp', what: 'serial ports', probe: "require('@serialport/bindings-cpp')" },
];

/** @param {string} name */
const folderOf = (name) => join(root, 'node_modules', name);

/** @param {string} name @returns {string} */
const versionOf = (name) => JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')).version;

/** What natives are compiled for: another Node or another version means compiling anew. */
const target = () =>
  [
    process.versions.modules,
    process.platform,
    process.arch,
    ...natives.map(({ name }) => versionOf(name)),
  ].join(' ');

const stamp = () => join(root, 'node_modules/.cache/quaywatch/natives');

export const nativesReady = () => existsSync(stamp()) && readFileSync(stamp(), 'utf8') === target();

/** Compiles each native package that does not load, with the compiler of this machine. */
export async function buildNatives() {
  for (const native of natives) {
    if (!loads(native.probe) && !isKept(native)) await buildNative(native);
  }
  mkdirSync(dirname(stamp()), { recursive: true });
  writeFileSync(stamp(), target());
}

/** @param {string} probe */
export const loads = (probe) =>
  spawnSync(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' }).status === 0;

/** @param {Native} native */
const isKept = ({ name, probe, binary }) =>
  binary !== undefined && fetchKept(name, versionOf(name), join(folderOf(name), binary)) && loads(probe);

/**
 * Compiles one package with the compiler of this machine.
 * @param {Native} native
 */
export async function buildNative({ name, what, probe, binary }) {
  requireTools();
  say(`Compiling ${what} (once, a minute or two) …`);
  const { command, args } = npm();
  const prefix = (await run(what, command, [...args, 'prefix', '-g', '--silent'])).trim();
  const nodedir = await nodeHeaders();
  const gyp = [nodeGyp(prefix), 'rebuild', '--release'];
  // By the environment, which node-gyp puts above its arguments, so that an empty setting does not win.
  const env = { npm_config_nodedir: nodedir, JOBS: undefined };
  // JOBS in the environment breaks librdkafka's build, and SQLite, one file, is none the faster for it.
  await run(what, process.execPath, gyp, { cwd: folderOf(name), env });
  if (!loads(probe)) throw new Refusal(`${name} was compiled but does not load: see .scratch/setup.log.`);
  if (binary) keep(name, versionOf(name), join(folderOf(name), binary));
}

/** Throws what to install where this machine cannot compile. */
export function requireTools() {
  /** @type {readonly (readonly [string, readonly string[]])[]} */
  const tools = [
    ['a C++ compiler', ['c++', 'g++', 'clang++']],
    ['make', ['make', 'gmake']],
    ['Python 3', ['python3', 'python']],
  ];
  const missing = tools.filter(([, names]) => !names.some((name) => which(name))).map(([title]) => title);
  if (missing.length === 0) return;
  throw new Refusal(
    `Missing, to compile SQLite: ${missing.join(', ')}. Install with \`apt-get install g++ make python3\` (Fedora: \`dnf install gcc-c++ make python3\`), then run it again.`,
  );
}
