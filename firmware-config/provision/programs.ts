import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the system. */
export interface Programs {
  /** Where it lies; undefined: it is not installed. */
  find(program: string): string | undefined;
  /** Runs it to its end; 127 when it is not there. Output and errors in one. */
  run(program: string, args: readonly string[]): { readonly code: number; readonly output: string };
}

const timeoutMs = 600_000;

/** Those of this machine. */
export const systemPrograms: Programs = {
  find(program) {
    // Where Debian puts servers is not on everybody's PATH.
    for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
      if (folder === '') continue;
      try {
        accessSync(join(folder, program), constants.X_OK);
        return join(folder, program);
      } catch {
        // not in this folder
      }
    }
    return undefined;
  },
  run(program, args) {
    const file = systemPrograms.find(program);
    if (file === undefined) return { code: 127, output: `${program} is not installed` };
    const env = { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };
    const { status, stdout, stderr, error } = spawnSync(file, args, {
      encoding: 'utf8',
      env,
      timeout: timeoutMs,
    });
    return { code: status ?? 1, output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}` };
  },
};
