import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds the drivers when the program that holds a serial line is older than its source: Node 20 runs no TypeScript. */
export function builtSerialHost(): void {
  const source = join(root, 'drivers/transport/serial-host.ts');
  const built = join(root, 'dist/drivers/transport/serial-host.js');
  if (existsSync(built) && statSync(built).mtimeMs >= statSync(source).mtimeMs) return;
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'drivers'], { cwd: root, stdio: 'pipe' });
}
