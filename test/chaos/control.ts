import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Switches that a running process feels at once (shim/faults.c). */
export interface Control {
  /** For the process: what its environment needs. */
  readonly env: NodeJS.ProcessEnv;
  diskFull(on: boolean): void;
  syncFails(on: boolean): void;
  slowSync(ms: number): void;
  /** The wall clock is off by so much, ms. */
  clock(ms: number): void;
  close(): void;
}

/** Compiles the shim into a folder; undefined where there is no C compiler. */
export function compileShim(folder: string, root: string): string | undefined {
  const library = join(folder, 'faults.so');
  const source = resolve(root, 'test/chaos/shim/faults.c');
  try {
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']);
    return library;
  } catch {
    return undefined;
  }
}

/** Faults for the processes that are started with `env`; files below `folder` are the ones that suffer. */
export function openControl(file: string, library: string, folder: string): Control {
  writeFileSync(file, Buffer.alloc(64));
  const handle = openSync(file, 'r+');
  const set = (at: number, value: number) => {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(value);
    writeSync(handle, word, 0, 4, at);
  };
  return {
    env: { LD_PRELOAD: library, QW_CONTROL: file, QW_FOLDER: folder },
    diskFull: (on) => set(0, on ? 1 : 0),
    syncFails: (on) => set(4, on ? 1 : 0),
    slowSync: (ms) => set(8, ms * 1000),
    clock(ms) {
      const word = Buffer.alloc(8);
      word.writeBigInt64LE(BigInt(Math.round(ms)) * 1_000_000n);
      writeSync(handle, word, 0, 8, 16);
    },
    close: () => closeSync(handle),
  };
}
