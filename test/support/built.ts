import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const changedMs = (file: string): number =>
  statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** How long a hook that builds may take: a compiler on a machine whose cores others have needs minutes. */
export const buildLimitMs = 900_000;

/** Compiles a project, one compiler at a time: test files that need the same one wait for each other. */
async function compile(project: string, isBuilt: () => boolean): Promise<void> {
  if (isBuilt()) return;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const lock = join(root, 'dist', `.${project}-build.lock`);
  const tsc = join(root, 'node_modules/.bin/tsc');
  await promisify(execFile)('flock', [lock, tsc, '-b', project], { cwd: root });
}

/** Builds the drivers when a file of theirs that runs in a process of its own is older than its source: Node 20 runs no TypeScript. */
async function builtTransport(name: string): Promise<string> {
  const built = `dist/drivers/transport/${name}.js`;
  await compile(
    'drivers',
    () => existsSync(join(root, built)) && changedMs(built) >= changedMs(`drivers/transport/${name}.ts`),
  );
  return join(root, built);
}

export const builtSerialHost = (): Promise<string> => builtTransport('serial-host');
export const builtFfmpeg = (): Promise<string> => builtTransport('ffmpeg');

/** Builds the models when a source of theirs is newer: their workers are built programs too. */
export async function builtModels(): Promise<void> {
  const built = 'dist/models/.tsbuildinfo';
  const sources = readdirSync(join(root, 'models'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const newest = Math.max(...sources.map((file) => changedMs(`models/${file}`)));
  await compile('models', () => existsSync(join(root, built)) && changedMs(built) >= newest);
}
