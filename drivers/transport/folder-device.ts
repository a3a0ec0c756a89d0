import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The device's end of a watched folder. */
export interface FolderDevice {
  readonly folder: string;
  /** As a careful program does: under another name, then renamed. */
  drop(name: string, bytes: Uint8Array): void;
  /** As a careless one does: in place, in two halves with a pause between them. */
  write(name: string, bytes: Uint8Array, pauseMs: number): Promise<void>;
  close(): void;
}

/** Empty: a folder of its own, which goes with it. */
export function folderDevice(path: string): FolderDevice {
  const own = path === '';
  const folder = own ? mkdtempSync(join(tmpdir(), 'quaywatch-drop-')) : path;
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    drop(name, bytes) {
      const part = join(folder, `.${name}.part`);
      writeFileSync(part, bytes);
      renameSync(part, join(folder, name));
    },
    async write(name, bytes, pauseMs) {
      const half = Math.ceil(bytes.length / 2);
      await writeFile(join(folder, name), bytes.subarray(0, half));
      await sleep(pauseMs);
      await appendFile(join(folder, name), bytes.subarray(half));
    },
    close() {
      if (own) rmSync(folder, { recursive: true, force: true });
    },
  };
}
