import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './paths.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Two set-ups at once would pull node_modules from under each other. Returns the way to let go.
 * @param {string} [folder]
 * @returns {() => void}
 */
export function lockSetup(folder = scratch) {
  const file = join(folder, 'setup.lock');
  mkdirSync(folder, { recursive: true });
  for (const again of [true, false]) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (isSetup(holder) || !again) {
        throw new Refusal(
          `Another set-up (process ${holder}) is at work in this folder: wait until it is done, then run it again.`,
        );
      }
      rmSync(file, { force: true }); // left by one that was killed
    }
  }
  throw new Refusal(`${file} cannot be taken: remove it.`);
}

/** @param {number} pid */
function isSetup(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return /scripts\/\w+\.mjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return true; // no /proc to ask: the process lives, so believe it
  }
}
