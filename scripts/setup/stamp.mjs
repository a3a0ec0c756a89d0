import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build is made of, below the root. */
const sources = [
  'drivers',
  'edge',
  'firmware-config',
  'flows',
  'hub',
  'models',
  'package-lock.json',
  'package.json',
  'quaywatch.ts',
  'scripts/build.mjs',
  'scripts/docs',
  'scripts/setup',
  'test/bench',
  'test/support',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** Tests are no part of the build; neither are pages that it does not read. */
const ignored = /(\.test\.tsx?|\.md)$/;

/**
 * Every file of the build, in order, relative to the root.
 * @param {string} root
 * @param {readonly string[]} [paths]
 * @returns {string[]}
 */
export function buildFiles(root, paths = sources) {
  /** @param {string} path @returns {string[]} */
  const walk = (path) =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(below);
      return entry.isFile() ? [below] : [];
    });
  return paths
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => (/\.\w+$/.test(path) ? [path] : walk(path)))
    .filter((path) => !ignored.test(path))
    .sort();
}

/**
 * Digest of names and contents: equal sources, equal stamp, whatever the file times.
 * @param {string} root
 * @param {readonly string[]} files relative to the root
 */
export function stampOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
