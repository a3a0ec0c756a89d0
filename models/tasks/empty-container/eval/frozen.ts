import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** SHA-256 over the samples of a group's scans, in whole and of a quick run: what was reported can be made again. */
export type Frozen = Record<string, { readonly full?: string; readonly quick?: string }>;

const file = 'heldout.json';

export async function readFrozen(folder: string): Promise<Frozen> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Frozen;
}

export const writeFrozen = (folder: string, frozen: Frozen): Promise<void> =>
  writeFile(join(folder, file), `${JSON.stringify(frozen, null, 2)}\n`);
