import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Link } from './link.ts';

export interface FolderOptions {
  readonly path: string;
  /** Which names are files of the device, such as `.n42`; lower case. */
  readonly endings: readonly string[];
  /** A file is whole when it has not grown for so long, ms. */
  readonly settleMs: number;
  readonly pollMs: number;
  /** Files over this are set aside unread, bytes. */
  readonly maxFileBytes: number;
  /** A second file that says what the first lacks; it is moved with it. */
  readonly sideCar?: {
    /** Its ending, behind the name of the first with or without its own: `a.tif.json`, `a.json`. */
    readonly ending: string;
    /** How long the first waits for it, ms. */
    readonly waitMs: number;
    readonly maxBytes: number;
  };
}

/** What is known of a file beside its bytes. */
export interface FileFacts {
  /** When it was last written, ms since 1970. */
  readonly writtenMs: number;
  /** The side-car's bytes, where one came. */
  readonly sideCar?: Uint8Array;
}

/** One file on its way: its bytes in order, then how it went. */
export interface FolderListener {
  begin(name: string, facts: FileFacts): void;
  data(bytes: Uint8Array): void;
  /** All of it came; `committed` is called once every consequence is on disk, and moves the file. */
  end(committed: (to: 'done' | 'failed') => void): void;
  /** A file that cannot be read; it is moved to `failed`. */
  failed(name: string, problem: Problem): void;
}

/** Time of change and size: what must stand still before a file counts as whole. */
const markOf = ({ size, mtimeMs }: Stats) => `${size} ${mtimeMs}`;

/**
 * Files that a device drops into a folder, oldest first, one at a time. A file is read when it has stood
 * still, and moved to the folder `done` below it (`failed` when it said nothing but problems) only when everything
 * that it said is committed: after a crash it is read again. Names that begin with a dot or end in `.tmp` or `.part` are still being written.
 */
export async function watchFolder(options: FolderOptions, listener: FolderListener): Promise<Link> {
  const { path, settleMs, pollMs } = options;
  try {
    if (!statSync(path).isDirectory()) throw new Error('it is no folder');
    for (const name of ['done', 'failed']) mkdirSync(join(path, name), { recursive: true });
  } catch (error) {
    throw faults.fault('folder.refused', { path, detail: error instanceof Error ? error.message : '?' });
  }
  let open = true;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  let settle: (problem: Problem | undefined) => void = () => undefined;
  const closed = new Promise<Problem | undefined>((resolve) => {
    settle = resolve;
  });
  const seen = new Map<string, { mark: string; sinceMs: number }>();
  /** Read, and waiting for their commit. */
  const waiting = new Set<string>();

  const move = (name: string, to: 'done' | 'failed') => {
    // A name that was there before must not be lost.
    const target = (file: string) => join(path, to, `${new Date().toISOString().replace(/\W/g, '')}-${file}`);
    try {
      const beside = sideCarOf(name);
      if (beside !== undefined) {
        renameSync(join(path, beside), target(beside));
        seen.delete(beside);
      }
      renameSync(join(path, name), target(name));
    } catch (error) {
      listener.failed(
        name,
        faults.problem('folder.move', { name, detail: error instanceof Error ? error.message : '?' }),
      );
    }
    seen.delete(name);
  };

  const sideCarOf = (name: string): string | undefined => {
    const { ending } = options.sideCar ?? {};
    if (ending === undefined) return undefined;
    const candidates = [`${name}${ending}`, `${name.replace(/\.\w+$/, '')}${ending}`];
    return candidates.find((candidate) =>
      statSync(join(path, candidate), { throwIfNoEntry: false })?.isFile(),
    );
  };

  /** Whether the file has not changed for so long. */
  const settled = (name: string, stats: Stats, now: number, waitMs: number): boolean => {
    const mark = markOf(stats);
    const before = seen.get(name);
    if (before?.mark === mark) return now - before.sinceMs >= waitMs;
    seen.set(name, { mark, sinceMs: now });
    return false;
  };

  /** Whether what is beside the file is whole too, or has been waited for. */
  const complete = (name: string, stats: Stats, now: number): boolean => {
    const { sideCar } = options;
    if (!sideCar) return true;
    const beside = sideCarOf(name);
    if (beside === undefined) return settled(name, stats, now, Math.max(settleMs, sideCar.waitMs));
    const besideStats = statSync(join(path, beside), { throwIfNoEntry: false });
    return besideStats !== undefined && settled(beside, besideStats, now, settleMs);
  };

  const whole = (): string[] => {
    const now = performance.now();
    const files: { name: string; mtimeMs: number }[] = [];
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const { name } = entry;
      const meant = options.endings.some((ending) => name.toLowerCase().endsWith(ending));
      if (!entry.isFile() || !meant || name.startsWith('.') || waiting.has(name)) continue;
      const stats = statSync(join(path, name), { throwIfNoEntry: false });
      if (!stats) continue;
      if (settled(name, stats, now, settleMs) && complete(name, stats, now))
        files.push({ name, mtimeMs: stats.mtimeMs });
    }
    return files.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
  };

  const credit = async () => {
    while (!open && !stopped)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };

  const readSideCar = (name: string): Uint8Array | undefined => {
    const beside = sideCarOf(name);
    if (beside === undefined) return undefined;
    const { size } = statSync(join(path, beside));
    if (size > (options.sideCar?.maxBytes ?? 0)) throw new Error(`${beside} has ${size} bytes`);
    return readFileSync(join(path, beside));
  };

  const read = async (name: string) => {
    const file = join(path, name);
    const { size = 0, mtimeMs = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (size > options.maxFileBytes) {
      listener.failed(name, faults.problem('folder.toolarge', { name, limit: options.maxFileBytes }));
      return move(name, 'failed');
    }
    waiting.add(name);
    try {
      const sideCar = readSideCar(name);
      listener.begin(basename(name), { writtenMs: mtimeMs, ...(sideCar ? { sideCar } : {}) });
      for await (const bytes of createReadStream(file)) {
        await credit();
        if (stopped) return;
        listener.data(bytes as Uint8Array);
      }
    } catch (error) {
      waiting.delete(name);
      listener.failed(
        name,
        faults.problem('folder.unreadable', { name, detail: error instanceof Error ? error.message : '?' }),
      );
      return move(name, 'failed');
    }
    listener.end((to) => {
      if (stopped || !waiting.delete(name)) return;
      move(name, to);
    });
  };

  const poll = async () => {
    try {
      for (const name of whole()) {
        await credit();
        if (stopped) return;
        await read(name);
      }
    } catch (error) {
      settle(
        faults.problem('folder.refused', { path, detail: error instanceof Error ? error.message : '?' }),
      );
      stop();
      return;
    }
    if (!stopped) timer = setTimeout(() => void poll(), pollMs);
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    wake?.();
    settle(undefined);
  };
  void poll();
  return {
    closed,
    pause() {
      open = false;
    },
    resume() {
      open = true;
      wake?.();
      wake = undefined;
    },
    close: async () => stop(),
    kill: stop,
  };
}
