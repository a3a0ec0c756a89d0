import { readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from './faults.ts';

/**
 * One box a data folder: a link whose target is the process id. It is there whole or not at all, and takes no block of a
 * disk that may be full. One that is left behind by a killed process is taken over. Throws `box.running`. Returns the way
 * to let go.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'box.lock');
  for (;;) {
    try {
      symlinkSync(`${process.pid} ${startOf(process.pid)}`, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const [pid, start] = holderOf(file);
      if (pid !== undefined && startOf(pid) === start && start !== '') {
        throw faults.fault('box.running', { pid, folder });
      }
      rmSync(file, { force: true });
    }
  }
}

function holderOf(file: string): [pid: number | undefined, start: string] {
  try {
    const [pid, start] = readlinkSync(file).split(' ');
    return [Number(pid), start ?? ''];
  } catch {
    return [undefined, ''];
  }
}

/** When a process started, so that a number that is used again is not taken for it; empty: it is gone. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
