import { statfs } from 'node:fs/promises';
import { faults } from '../faults.ts';

const neededMib = 200;

/** Throws `demo.disk` when the data folder's disk is all but full. */
export async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeMib = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMib < neededMib) throw faults.fault('demo.disk', { folder, free: freeMib, needed: neededMib });
}
