import type { FileHandle } from 'node:fs/promises';
import { FetchWindow } from '#firmware-config/fetch-window';
import type { Problem } from '#flows/fault';
import type { NoPiece, Piece } from '#flows/scan-wire';
import { faults } from '../faults.ts';
import type { ScanRecordStore, ScanRow } from '../store/store.ts';
import type { ScanFiles } from './files.ts';

export interface FetcherOptions {
  readonly store: ScanRecordStore;
  readonly files: ScanFiles;
  readonly maxScanBytes: number;
  readonly now: () => number;
  /** Asks a box for a range; false when it is not connected. */
  readonly ask: (box: string, range: { scan: string; offset: number; length: number }) => boolean;
  readonly onChange: (box: string, scan: string) => void;
  readonly onRefused: (box: string, problem: Problem) => void;
  readonly onFailure: (error: unknown) => void;
}

interface Transfer {
  readonly box: string;
  readonly scan: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly started: number;
  readonly handle: FileHandle;
  readonly window: FetchWindow;
  /** Bytes that came; the next piece begins there. */
  offset: number;
  /** Where the range ends that was asked for. */
  until: number;
  askedAt: number;
  heardAt: number;
  writing: Promise<void>;
}

/** Without a piece for so long the range is asked for again, ms. */
const silentMs = 10_000;
/** Before a scan is asked for again that the box had not packed yet, or that could not be written here, ms. */
const waitMs = 10_000;
const maxTries = 3;

/**
 * Fetches the files of wanted scans, one a box at a time. All that is needed to go on after any break
 * is the unfinished file itself: the next range begins at its end. Only what was asked for is written.
 */
export function createFetcher(options: FetcherOptions) {
  const { store, files, now } = options;
  const transfers = new Map<string, Transfer>();
  const opening = new Set<string>();
  /** Boxes whose file is whole and being checked: nothing else of theirs begins meanwhile. */
  const finishing = new Map<string, Promise<void>>();
  const urgent = new Set<string>();
  const notBefore = new Map<string, number>();
  const tries = new Map<string, number>();
  const key = (box: string, scan: string) => `${box} ${scan}`;
  let closed = false;

  function askNext(transfer: Transfer): void {
    const { box, scan, offset, bytes, window } = transfer;
    const length = Math.min(window.bytes, bytes - offset);
    transfer.until = offset + length;
    transfer.askedAt = now();
    transfer.heardAt = now();
    if (!options.ask(box, { scan, offset, length })) transfer.until = offset;
  }

  async function choose(box: string): Promise<(ScanRow & { completed: object }) | undefined> {
    const rows = (await store.withCopy('wanted', 10_000)).filter(
      (row) => row.box === box && (notBefore.get(key(box, row.scan)) ?? 0) <= now(),
    );
    rows.sort((a, b) => Number(urgent.has(key(box, b.scan))) - Number(urgent.has(key(box, a.scan))));
    for (const row of rows) {
      const { completed, scan } = row;
      if (!completed) continue; // it is still coming
      const { bytes } = completed;
      if (row.evicted || bytes === undefined || completed.sha256 === undefined) await give(box, scan, 'gone');
      else if (bytes > options.maxScanBytes || !(await files.makeRoom(bytes))) {
        options.onRefused(box, faults.problem('scan.tooLarge', { scan, bytes }));
        await give(box, scan, 'none');
      } else return { ...row, completed };
    }
    return undefined;
  }

  async function give(box: string, scan: string, copy: 'held' | 'gone' | 'none'): Promise<void> {
    urgent.delete(key(box, scan));
    tries.delete(key(box, scan));
    notBefore.delete(key(box, scan));
    await store.setCopy(box, scan, copy);
    options.onChange(box, scan);
  }

  async function begin(box: string): Promise<void> {
    if (closed || transfers.has(box) || opening.has(box) || finishing.has(box)) return;
    opening.add(box);
    try {
      const row = await choose(box);
      if (!row) return;
      const { scan, facts, completed } = row;
      const { bytes = 0, sha256 = '' } = completed;
      let offset = await files.begun(box, scan);
      if (offset > bytes) {
        await files.removePart(box, scan);
        offset = 0;
      }
      const handle = await files.openPart(box, scan);
      if (closed) return void (await handle.close());
      const transfer: Transfer = {
        box,
        scan,
        bytes,
        sha256,
        started: Date.parse(facts.started),
        handle,
        window: new FetchWindow(),
        offset,
        until: offset,
        askedAt: 0,
        heardAt: now(),
        writing: Promise.resolve(),
      };
      transfers.set(box, transfer);
      if (offset === bytes) finish(transfer);
      else askNext(transfer);
    } catch (error) {
      options.onFailure(error);
    } finally {
      opening.delete(box);
    }
  }

  async function end(transfer: Transfer): Promise<void> {
    if (transfers.get(transfer.box) === transfer) transfers.delete(transfer.box);
    await transfer.writing;
    await transfer.handle.close();
  }

  function finish(transfer: Transfer): void {
    const { box, scan } = transfer;
    const work = check(transfer)
      .catch((error: unknown) => {
        options.onFailure(error);
        notBefore.set(key(box, scan), now() + waitMs);
      })
      .finally(() => {
        finishing.delete(box);
        void begin(box);
      });
    finishing.set(box, work);
  }

  async function check(transfer: Transfer): Promise<void> {
    const { box, scan, sha256, started } = transfer;
    await end(transfer);
    if (await files.finish(box, scan, sha256, started)) await give(box, scan, 'held');
    else {
      await files.removePart(box, scan);
      const tried = (tries.get(key(box, scan)) ?? 0) + 1;
      tries.set(key(box, scan), tried);
      options.onRefused(box, faults.problem('scan.hash', { scan, box }));
      if (tried >= maxTries) await give(box, scan, 'gone');
    }
  }

  async function fail(transfer: Transfer, error: unknown): Promise<void> {
    options.onFailure(error);
    const { box, scan, handle } = transfer;
    notBefore.set(key(box, scan), now() + waitMs);
    if (transfers.get(box) === transfer) transfers.delete(box);
    await handle.close().catch(() => undefined);
  }

  return {
    /** Somebody waits for it: before what is fetched in the background. */
    hurry(box: string, scan: string): void {
      urgent.add(key(box, scan));
      notBefore.delete(key(box, scan));
      void begin(box);
    },
    /** There may be something to fetch from the box, or it can be spoken to again. */
    wake(box: string): void {
      const transfer = transfers.get(box);
      if (transfer) askNext(transfer);
      else void begin(box);
    },
    /** Resolves when it is written: the link is not read on until then. */
    piece(box: string, { scan, offset }: Piece, body: Uint8Array): Promise<void> | undefined {
      const transfer = transfers.get(box);
      // What was not asked for, or comes twice after it was asked for again.
      if (transfer?.scan !== scan || offset !== transfer.offset || body.length === 0) return undefined;
      if (offset + body.length > transfer.until) return undefined;
      transfer.offset += body.length;
      transfer.heardAt = now();
      const written = transfer.writing.then(async () => {
        await transfer.handle.appendFile(body);
        if (transfer.offset === transfer.bytes && offset + body.length === transfer.bytes) return;
        options.onChange(box, scan);
      });
      transfer.writing = written.catch((error: unknown) => fail(transfer, error));
      if (transfer.offset === transfer.bytes) {
        void written.then(
          () => finish(transfer),
          () => undefined,
        );
      } else if (transfer.offset === transfer.until) {
        transfer.window.answered(now() - transfer.askedAt);
        askNext(transfer);
      }
      return transfer.writing;
    },
    async noPiece(box: string, { scan, reason }: NoPiece): Promise<void> {
      const transfer = transfers.get(box);
      if (transfer?.scan !== scan) return;
      await end(transfer);
      // What has begun is worth nothing once the box packs the scan anew.
      await files.removePart(box, scan);
      if (reason === 'pending') notBefore.set(key(box, scan), now() + waitMs);
      else await give(box, scan, 'gone');
      void begin(box);
    },
    /** Every second or so. */
    tick(boxes: readonly string[]): void {
      for (const box of boxes) {
        const transfer = transfers.get(box);
        if (!transfer) void begin(box);
        else if (now() - transfer.heardAt > silentMs) {
          transfer.window.narrow();
          askNext(transfer);
        }
      }
    },
    fetched: (box: string, scan: string): number | undefined => {
      const transfer = transfers.get(box);
      return transfer?.scan === scan ? transfer.offset : undefined;
    },
    async close(): Promise<void> {
      closed = true;
      for (const transfer of [...transfers.values()]) await end(transfer).catch(options.onFailure);
      await Promise.all(finishing.values());
    },
  };
}
export type Fetcher = ReturnType<typeof createFetcher>;
