import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds the drivers when a file of theirs that runs in a process of its own is older than its source: Node 20 runs no TypeScript. */
function builtTransport(name: string): string {
  const source = join(root, `drivers/transport/${name}.ts`);
  const built = join(root, `dist/drivers/transport/${name}.js`);
  if (existsSync(built) && statSync(built).mtimeMs >= statSync(source).mtimeMs) return built;
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'drivers'], { cwd: root, stdio: 'pipe' });
  return built;
}

export const builtSerialHost = (): string => builtTransport('serial-host');
export const builtFfmpeg = (): string => builtTransport('ffmpeg');

/** Builds the models when a source of theirs is newer: their workers are built programs too. */
export function builtModels(): void {
  const built = join(root, 'dist/models/.tsbuildinfo');
  const sources = readdirSync(join(root, 'models'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const newest = Math.max(...sources.map((file) => statSync(join(root, 'models', file)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'models'], { cwd: root, stdio: 'pipe' });
}
