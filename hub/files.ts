import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { faults } from './faults.ts';

/** Writes a file of mode 0600 whole or not at all, and on disk when it resolves. */
export async function writePrivate(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/**
 * Takes the data folder for this process; the lock is the operating system's on an SQLite file, so it
 * ends with the process however that ends. Throws `hub.running`, and `hub.data` for a folder that cannot be written. Returns the way to release it.
 */
export function lockFolder(folder: string): () => void {
  const database = new Database(`${folder}/hub.lock`, { timeout: 0 });
  try {
    // To lock an empty file SQLite begins to write its first page, which a full disk does not take.
    if (database.pragma('user_version', { simple: true }) === 0) database.pragma('user_version = 1');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw faults.fault('hub.running', { folder }, folder, error);
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('hub.data', { folder, detail }, folder, error);
  }
  return () => database.close();
}
