import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf } from '#firmware-config/scan-file/name';
import { hashOfFile, openScanFile, type ScanFile } from '#firmware-config/scan-file/read';
import type { ScanRecordStore } from '../store/store.ts';

export interface ScanLimits {
  readonly maxBytes: number;
  readonly keepFreeBytes: number;
  readonly days: number;
}

interface Held {
  readonly box: string;
  readonly scan: string;
  readonly bytes: number;
  readonly started: number;
}

const dayMs = 86_400_000;
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/**
 * The hub's copies of scan files, a folder a box, within a budget of their own. Names are made here and
 * never by a box, so that none leads out of the folder.
 */
export async function createScanFiles(folder: string, store: ScanRecordStore, limits: ScanLimits) {
  const held = new Map<string, Held>();
  const key = (box: string, scan: string) => `${box} ${scan}`;
  const at = (box: string, scan: string) => join(folder, fileNameOf(box), fileNameOf(scan));
  const whole = (box: string, scan: string) => `${at(box, scan)}.scan`;
  const part = (box: string, scan: string) => `${at(box, scan)}.part`;

  await mkdir(folder, { recursive: true, mode: 0o700 });
  await recover();

  // What the store knows and what is on disk are brought together: either may be ahead after a crash.
  async function recover(): Promise<void> {
    const known = new Set<string>();
    for (const { box, scan, completed, facts } of await store.withCopy('held', 1_000_000)) {
      const bytes = completed?.bytes ?? 0;
      if ((await sizeOf(whole(box, scan))) !== bytes) await store.setCopy(box, scan, 'dropped');
      else {
        held.set(key(box, scan), { box, scan, bytes, started: Date.parse(facts.started) });
        known.add(whole(box, scan));
      }
    }
    for (const { box, scan } of await store.withCopy('wanted', 1_000_000)) known.add(part(box, scan));
    for (const box of await readdir(folder)) {
      for (const name of await readdir(join(folder, box)).catch(() => [])) {
        const file = join(folder, box, name);
        if (!known.has(file)) await rm(file, { force: true });
      }
    }
  }

  async function drop({ box, scan }: Held): Promise<void> {
    held.delete(key(box, scan));
    await store.setCopy(box, scan, 'dropped');
    await rm(whole(box, scan), { force: true });
  }

  const oldestFirst = () => [...held.values()].sort((a, b) => a.started - b.started);
  const used = () => [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  async function room(): Promise<number> {
    const { bavail, bsize } = await statfs(folder);
    return Math.min(limits.maxBytes - used(), bavail * bsize - limits.keepFreeBytes);
  }

  return {
    figures: () => ({ scans: held.size, bytes: used() }),
    /** Gives up the oldest copies until so many bytes fit. False when they cannot. */
    async makeRoom(bytes: number): Promise<boolean> {
      if (bytes > limits.maxBytes) return false;
      for (const one of oldestFirst()) {
        if ((await room()) >= bytes) return true;
        await drop(one);
      }
      return (await room()) >= bytes;
    },
    /** Gives up what is past its time. */
    async sweep(now: number): Promise<Held[]> {
      const old = oldestFirst().filter(({ started }) => now - started > limits.days * dayMs);
      for (const one of old) await drop(one);
      return old;
    },
    /** Bytes of the unfinished copy. */
    begun: (box: string, scan: string): Promise<number> => sizeOf(part(box, scan)),
    /** Opens the unfinished copy to be written on. */
    async openPart(box: string, scan: string) {
      await mkdir(join(folder, fileNameOf(box)), { recursive: true, mode: 0o700 });
      return open(part(box, scan), 'a', 0o600);
    },
    removePart: (box: string, scan: string): Promise<void> => rm(part(box, scan), { force: true }),
    /** Checks the finished copy and puts it in its place; false: it is not what it was to be. */
    async finish(box: string, scan: string, sha256: string, started: number): Promise<boolean> {
      const file = part(box, scan);
      if ((await hashOfFile(file)) !== sha256) return false;
      const readable = await openScanFile(file).then(
        (opened) => opened.close().then(() => opened.index.scan === scan),
        () => false,
      );
      if (!readable) return false;
      const bytes = await sizeOf(file);
      const handle = await open(file, 'r');
      await handle.sync().finally(() => handle.close());
      await rename(file, whole(box, scan));
      held.set(key(box, scan), { box, scan, bytes, started });
      return true;
    },
    /** The copy, to be closed by the caller; undefined when there is none that can be read. */
    open: (box: string, scan: string): Promise<ScanFile | undefined> =>
      held.has(key(box, scan))
        ? openScanFile(whole(box, scan)).catch(() => undefined)
        : Promise.resolve(undefined),
  };
}
export type ScanFiles = Awaited<ReturnType<typeof createScanFiles>>;
