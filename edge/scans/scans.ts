import { existsSync, fdatasync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxConfig } from '#firmware-config/box';
import { fileNameOf } from '#firmware-config/scan-file/name';
import { Fault, type Problem } from '#flows/fault';
import type { FrameMessage, Pixels, ScanEnd, ScanFacts, ScanStore, ScanWriter } from '#flows/scan';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import { Announcer, type Emit } from './announce.ts';
import { freeBytes, toFit, tooOld } from './budget.ts';
import { type Entry, heldOf, readFrame, strideOf } from './entry.ts';
import { finishScan } from './finish.ts';
import { ColumnMemory } from './memory.ts';
import { ScanFolders, type ScanRecord, storedFile } from './record.ts';
import { bytesOf, hashOf, journalFile, pixelsFile, StripFiles } from './strips.ts';

export interface ScansOptions {
  readonly folder: string;
  readonly limits: Required<BoxConfig['scans']>;
  readonly now: () => number;
  readonly emit: Emit;
}

/** A scan as it comes: for the live strips. */
export interface Growth {
  readonly record: ScanRecord;
  readonly column0: number;
  readonly samples: Uint16Array;
}

/** Sees every strip of every scan, and then that no more will come. */
export type Watcher = (news: Growth | Pick<Growth, 'record'>) => void;

/** Where the file of a scan is; `pending` while it comes or is packed, `gone` when it is not there (any more). */
export type ScanPlace =
  | { readonly file: string; readonly bytes: number; readonly sha256: string }
  | 'pending'
  | 'gone';

type Opened = Parameters<ScanStore['open']>[0];

const tickMs = 1000;
/** After a scan could not be packed; its raw pixels stay, ms. */
const retryMs = 30_000;
/** How long a scan that is in memory alone is known after its end, ms. */
const rememberedMs = 600_000;

/**
 * The scans of a box: taken column by column from drivers, read by stages from shared memory or from
 * disk, packed when they have ended, and given up, oldest first, when the budget or their time is over.
 * A disk that fails costs the keeping of scans and nothing else.
 */
export class Scans implements ScanStore {
  readonly #options: ScansOptions;
  readonly #folders: ScanFolders;
  readonly #memory: ColumnMemory;
  readonly #announce: Announcer;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<Watcher>();
  readonly #ticker: NodeJS.Timeout;
  readonly #counts = { evicted: 0, unkeptColumns: 0 };
  #order = 0;
  #packing: Promise<void> | undefined;
  #packAgain = false;
  #stopped = false;

  /** Throws what the disk says when its folder cannot be made or read. */
  constructor(options: ScansOptions) {
    this.#options = options;
    this.#folders = new ScanFolders(options.folder);
    this.#memory = new ColumnMemory(options.limits.memoryBytes);
    this.#announce = new Announcer(options.emit, options.now);
    this.#recover();
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    this.#ticker.unref();
    this.#pack();
  }

  // The box starts after whatever ended it: what was being written is whole up to its last append.
  #recover(): void {
    const { scans, leaving } = this.#folders.list();
    for (const { scan, stored } of leaving) {
      this.#announce.evicted({ scan, reason: 'budget', bytes: stored?.bytes ?? 0 });
      this.#folders.sweep(scan);
    }
    for (const record of scans) {
      this.#order = Math.max(this.#order, record.order);
      const folder = this.#folders.at(record.scan);
      const entry: Entry = { record, folder, files: undefined, columns: 0, unkept: false, packAfter: 0 };
      this.#entries.set(record.scan, entry);
      if (record.stored) this.#recoverStored(entry, folder);
      else this.#recoverRaw(entry, folder);
    }
  }

  #recoverStored(entry: Entry, folder: string): void {
    const { stored } = entry.record;
    const file = join(folder, storedFile);
    entry.columns = stored?.columns ?? 0;
    if (!existsSync(file) || statSync(file).size !== stored?.bytes) this.#evict(entry, 'damaged');
    else {
      removeRaw(folder);
      if (!entry.record.announced) this.#tell(entry);
    }
  }

  #recoverRaw(entry: Entry, folder: string): void {
    const pixels = join(folder, pixelsFile);
    const ended = existsSync(pixels) ? statSync(pixels).mtimeMs : entry.record.opened;
    entry.files = StripFiles.recover(folder, strideOf(entry) * 2);
    entry.columns = entry.files?.columns ?? 0;
    entry.record.closed ??= { end: 'cut', ended: new Date(ended).toISOString() };
    this.#guard(() => this.#folders.write(entry.record));
  }

  /** Throws `scan.exists` and `scan.shape`; a disk that fails is announced, and the scan is in memory alone. */
  open(scan: Opened): ScanWriter {
    const { id, rows, planes, device, attributes } = scan;
    const shaped = Number.isInteger(rows) && rows >= 1 && rows <= 16_384;
    if (!shaped || planes.length < 1 || planes.length > 8) {
      throw faults.fault('scan.shape', { scan: id, rows, planes: planes.length });
    }
    if (this.#entries.has(id)) throw faults.fault('scan.exists', { scan: id });
    this.#order += 1;
    const { scanner, energiesMv, pixelMm, airLevel, started } = attributes;
    const record: ScanRecord = {
      order: this.#order,
      opened: this.#options.now(),
      scan: id,
      device,
      rows,
      planes: [...planes],
      attributes: { scanner, energiesMv: [...energiesMv], pixelMm, airLevel, started },
      announced: false,
      judged: false,
    };
    const entry: Entry = {
      record,
      folder: undefined,
      files: undefined,
      columns: 0,
      unkept: false,
      packAfter: 0,
    };
    this.#entries.set(id, entry);
    this.#keep(entry, 0, () => {
      entry.folder = this.#folders.create(record);
      entry.files = StripFiles.create(entry.folder, strideOf(entry) * 2);
    });
    this.#announce.started(record);
    return {
      append: (samples) => this.#append(entry, samples),
      close: (end, facts) => this.#close(entry, end, facts),
    };
  }

  #append(entry: Entry, samples: Uint16Array) {
    const { record } = entry;
    const stride = strideOf(entry);
    const columns = samples.length / stride;
    if (record.closed || columns < 1 || !Number.isInteger(columns)) {
      throw faults.fault('scan.shape', {
        scan: record.scan,
        rows: record.rows,
        planes: record.planes.length,
      });
    }
    const column0 = entry.columns;
    const sha256 = hashOf(bytesOf(samples));
    this.#memory.add(record.scan, stride, column0, samples);
    entry.columns += columns;
    this.#keep(entry, samples.byteLength, () => entry.files?.append({ column0, columns, sha256 }, samples));
    if (entry.unkept) this.#counts.unkeptColumns += columns;
    for (const watcher of this.#watchers) watcher({ record, column0, samples });
    return { file: `${fileNameOf(record.scan)}/${pixelsFile}`, offset: column0 * stride * 2, sha256 };
  }

  /** Writes, with room made for it before; once that fails the rest of the scan is in memory alone. */
  #keep(entry: Entry, bytes: number, write: () => void): void {
    if (entry.unkept) return;
    let problem: Problem | undefined;
    try {
      if (!this.#makeRoom(bytes)) problem = faults.problem('scan.room');
      else write();
    } catch (error) {
      problem = faults.problem('scan.write', { detail: detailOf(error) });
    }
    entry.unkept = problem !== undefined;
    if (problem || bytes > 0) this.#announce.unkept(problem);
  }

  #close(entry: Entry, end: ScanEnd, { ended, lines, calibration, badPixels }: ScanFacts): void {
    const { record } = entry;
    if (record.closed) return;
    record.closed = { end, ended, lines, calibration, badPixels };
    for (const watcher of this.#watchers) watcher({ record });
    if (entry.folder === undefined) this.#tell(entry);
    else this.#guard(() => this.#folders.write(record));
    this.#pack();
  }

  async read(frame: FrameMessage, before = 0): Promise<Pixels> {
    const entry = this.#entries.get(frame.scan ?? '');
    if (entry) return readFrame(entry, this.#memory, frame, before);
    const from = frame.line0 ?? 0;
    throw faults.fault('frame.missing', { scan: frame.scan ?? '?', from, to: from + frame.width });
  }

  /** The verdict on a scan is on disk: it may be given up when its turn comes. */
  judged(scan: string): void {
    const entry = this.#entries.get(scan);
    if (!entry || entry.record.judged) return;
    entry.record.judged = true;
    if (entry.folder !== undefined) this.#guard(() => this.#folders.note(entry.record));
  }

  /** Scans that have ended, with no verdict on disk. */
  unjudged(): string[] {
    const records = [...this.#entries.values()].map(({ record }) => record);
    return records.filter(({ closed, judged }) => closed && !judged).map(({ scan }) => scan);
  }

  place(scan: string): ScanPlace {
    const entry = this.#entries.get(scan);
    const { folder, record } = entry ?? {};
    if (!record || (record.closed && folder === undefined)) return 'gone';
    if (!record.stored || folder === undefined) return 'pending';
    const { bytes, sha256 } = record.stored;
    return { file: join(folder, storedFile), bytes, sha256 };
  }

  /** Returns the way to stop. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  figures() {
    const held = [...this.#entries.values()].map(heldOf);
    const bytes = held.reduce((sum, one) => sum + one.bytes, 0);
    const { keeping } = this.#announce;
    return { scans: held.length, bytes, memoryBytes: this.#memory.bytes, keeping, ...this.#counts };
  }

  /** False when even giving up all that may be given up makes no room. */
  #makeRoom(more: number): boolean {
    const { limits, now } = this.#options;
    const held = [...this.#entries.values()].map(heldOf);
    const used = held.reduce((sum, one) => sum + one.bytes, 0);
    const free = freeBytes(this.#folders.root) - limits.keepFreeBytes;
    const maxBytes = Math.min(limits.maxBytes, used + free);
    const chosen = toFit(held, { ...limits, maxBytes }, now(), { used, more });
    for (const { scan } of chosen ?? []) this.#evict(this.#entries.get(scan), 'budget');
    return chosen !== undefined;
  }

  #evict(entry: Entry | undefined, reason: 'age' | 'budget' | 'damaged'): void {
    if (!entry) return;
    const { scan } = entry.record;
    const { bytes } = heldOf(entry);
    this.#entries.delete(scan);
    this.#memory.forget(scan);
    entry.files?.close();
    this.#counts.evicted += 1;
    this.#guard(() => this.#folders.remove(scan, () => this.#announce.evicted({ scan, reason, bytes })));
  }

  /** Packs what has ended, one at a time, oldest first. */
  #pack(): void {
    this.#packAgain = true;
    this.#packing ??= this.#packAll();
  }

  async #packAll(): Promise<void> {
    await Promise.resolve();
    while (this.#packAgain && !this.#stopped) {
      this.#packAgain = false;
      await this.#packWaiting();
    }
    this.#packing = undefined;
  }

  async #packWaiting(): Promise<void> {
    for (;;) {
      const next = [...this.#entries.values()].find((entry) => this.#toPack(entry));
      if (!next || this.#stopped) return;
      await this.#packOne(next).catch((error: unknown) => {
        next.packAfter = this.#options.now() + retryMs;
        this.#announce.unkept(faults.problem('scan.write', { detail: detailOf(error) }));
      });
    }
  }

  #toPack({ record, folder, packAfter }: Entry): boolean {
    return !!record.closed && !record.stored && folder !== undefined && packAfter <= this.#options.now();
  }

  async #packOne(entry: Entry): Promise<void> {
    const { folder, files, record } = entry;
    if (folder === undefined) return;
    if (!files || files.columns === 0) {
      files?.close();
      entry.files = undefined;
      entry.folder = undefined;
      this.#folders.remove(record.scan, () => this.#tell(entry));
      return;
    }
    this.#makeRoom(files.bytes / 2);
    const stored = await files.reading(() => finishScan(folder, record, files));
    record.stored = stored;
    this.#folders.write(record);
    entry.files = undefined;
    files.close();
    removeRaw(folder);
    this.#memory.forget(record.scan);
    this.#tell(entry);
  }

  #tell(entry: Entry): void {
    this.#announce.completed(entry, () => {
      entry.record.announced = true;
      if (entry.folder !== undefined) this.#guard(() => this.#folders.note(entry.record));
    });
  }

  #tick(): void {
    const { limits, now } = this.#options;
    const entries = [...this.#entries.values()];
    for (const { scan } of tooOld(entries.map(heldOf), limits, now())) {
      this.#evict(this.#entries.get(scan), 'age');
    }
    for (const { record, files, folder } of entries) {
      if (files && !record.closed) fdatasync(files.handle, () => undefined);
      const over = record.closed && folder === undefined && now() - record.opened > rememberedMs;
      if (!over) continue;
      this.#entries.delete(record.scan);
      this.#memory.forget(record.scan);
    }
    this.#pack();
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof Fault) throw error;
      this.#announce.unkept(faults.problem('scan.write', { detail: detailOf(error) }));
    }
  }

  /** Resolves when what has ended is packed. */
  async idle(): Promise<void> {
    while (this.#packing) await this.#packing;
  }

  /** What still comes is cut when the box starts again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#ticker);
    await this.idle();
    for (const { files } of this.#entries.values()) files?.close();
    this.#entries.clear();
  }
}

function removeRaw(folder: string): void {
  for (const name of [pixelsFile, journalFile]) rmSync(join(folder, name), { force: true });
}
