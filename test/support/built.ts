import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds the drivers when the program that holds a serial line is older than its source: Node 20 runs no TypeScript. */
export function builtSerialHost(): void {
  const source = join(root, 'drivers/transport/serial-host.ts');
  const built = join(root, 'dist/drivers/transport/serial-host.js');
  if (existsSync(built) && statSync(built).mtimeMs >= statSync(source).mtimeMs) return;
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'drivers'], { cwd: root, stdio: 'pipe' });
}

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
