import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import 'reflect-metadata';
import { root } from './paths.mjs';

/**
 * Third parties that every box and hub loads at its start, in hundreds of small files: more than a third of the CPU time of a start
 * went into finding and opening them. In dist/ each is one file, `dist/vendor/<name>.js`, and the code there imports that.
 * Only plain JavaScript belongs here: nothing native, and nothing that looks for files beside its own.
 */
const packages = [
  '@fastify/cookie',
  '@fastify/rate-limit',
  '@fastify/static',
  '@fastify/swagger',
  '@fastify/websocket',
  '@marcbachmann/cel-js',
  '@peculiar/x509',
  'aedes',
  'fastify',
  'mqtt',
  'mqtt-packet',
  'pg',
  'prom-client',
  'reflect-metadata',
  'rxjs',
  'typebox',
  'typebox/compile',
  'typebox/value',
  'yaml',
];

/** @param {string} name */
const slug = (name) => name.replace('@', '').replaceAll('/', '-');

/** Bundles the packages and lets what is in dist/ import them. What is bundled already is left alone. */
async function vendor() {
  const { build } = await import('vite');
  const sources = join(root, 'dist/vendor-entries');
  const input = await writeEntries(sources);
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: 'dist/vendor-next',
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input,
        // Optional natives of ws: it does without.
        external: ['bufferutil', 'utf-8-validate'],
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
      },
    },
  });
  rmSync(sources, { recursive: true, force: true });
  // What runs from dist/ meanwhile finds the one or the other.
  rmSync(join(root, 'dist/vendor'), { recursive: true, force: true });
  renameSync(join(root, 'dist/vendor-next'), join(root, 'dist/vendor'));
  for (const file of scriptsOf(join(root, 'dist'))) redirect(file);
}

/**
 * One entry a package, with the names that Node finds in it: of a CommonJS module a bundler exports the default alone.
 * @param {string} folder
 */
async function writeEntries(folder) {
  mkdirSync(folder, { recursive: true });
  /** @type {Record<string, string>} */
  const input = {};
  for (const name of packages) {
    /** @type {Record<string, unknown>} */
    const all = await import(name);
    const whole = /** @type {Record<string, unknown> | undefined} */ (all.default);
    const names = Object.keys(all).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default');
    const isCommon = whole !== undefined && names.every((key) => whole[key] === all[key]);
    const file = join(folder, `${slug(name)}.js`);
    // A namespace taken apart at run time: the bundler may find another form of the package (ESM) than Node does (CommonJS).
    const text = isCommon
      ? `import * as all from '${name}';\nexport default Reflect.get(all, 'default') ?? all;\nexport const { ${names.join(', ')} } = all;\n`
      : `export * from '${name}';\n${whole === undefined ? '' : `export { default } from '${name}';\n`}`;
    writeFileSync(file, text);
    input[slug(name)] = file;
  }
  return input;
}

/** @param {string} folder @returns {string[]} */
function scriptsOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['vendor', 'vendor-next', 'app'].includes(entry.name) ? [] : scriptsOf(path);
    return entry.name.endsWith('.js') ? [path] : [];
  });
}

const imported = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(["'])([@\w][\w@/.-]*)\2/g;

/** @param {string} file */
function redirect(file) {
  const text = readFileSync(file, 'utf8');
  const next = text.replace(imported, (all, before, quote, name) => {
    if (!packages.includes(name)) return all;
    const to = relative(dirname(file), join(root, 'dist/vendor', `${slug(name)}.js`));
    return `${before}${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`;
  });
  if (next !== text) writeFileSync(file, next);
}

await vendor();
