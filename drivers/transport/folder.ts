import { createReadStream, mkdirSync, readdirSync, renameSync, type Stats, statSync } from 'node:fs';
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
}

/** One file on its way: its bytes in order, then how it went. */
export interface FolderListener {
  begin(name: string): void;
  data(bytes: Uint8Array): void;
  /** All of it came; `committed` is called once every consequence is on disk, and moves the file to `done`. */
  end(committed: () => void): void;
  /** A file that cannot be read; it is moved to `failed`. */
  failed(name: string, problem: Problem): void;
}

/** Time of change and size: what must stand still before a file counts as whole. */
const markOf = ({ size, mtimeMs }: Stats) => `${size} ${mtimeMs}`;

/**
 * Files that a device drops into a folder, oldest first, one at a time. A file is read when it has stood
 * still, and moved to the folder `done` below it only when everything that it said is committed: after a crash it is
 * read again. Names that begin with a dot or end in `.tmp` or `.part` are still being written.
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
    const target = join(path, to, `${new Date().toISOString().replace(/\W/g, '')}-${name}`);
    try {
      renameSync(join(path, name), target);
    } catch (error) {
      listener.failed(
        name,
        faults.problem('folder.move', { name, detail: error instanceof Error ? error.message : '?' }),
      );
    }
    seen.delete(name);
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
      const mark = markOf(stats);
      const before = seen.get(name);
      if (before?.mark !== mark) seen.set(name, { mark, sinceMs: now });
      else if (now - before.sinceMs >= settleMs) files.push({ name, mtimeMs: stats.mtimeMs });
    }
    return files.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
  };

  const credit = async () => {
    while (!open && !stopped)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };

  const read = async (name: string) => {
    const file = join(path, name);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > options.maxFileBytes) {
      listener.failed(name, faults.problem('folder.toolarge', { name, limit: options.maxFileBytes }));
      return move(name, 'failed');
    }
    waiting.add(name);
    listener.begin(basename(name));
    try {
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
    listener.end(() => {
      if (stopped || !waiting.delete(name)) return;
      move(name, 'done');
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
