import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { fileNameOf } from '#firmware-config/scan-file/name';
import { ScanCompleted } from '#flows/scan-events';
import { readIfThere, replaceFile, syncFolder } from '../files.ts';

const { scan, device, rows, planes, scanner, energiesMv, pixelMm, airLevel, started, ...rest } =
  ScanCompleted.properties;
const { ended, end, lines, calibration, badPixels, thumbnail } = rest;

/** What the box knows of a scan on its disk: `scan.json` in the folder of the scan. */
const ScanRecord = Type.Object({
  /** Counts up over all scans of the box: their order, whatever the clock does. */
  order: Type.Integer({ minimum: 1 }),
  /** By the box's clock, ms. */
  opened: Type.Number(),
  scan,
  device,
  rows,
  planes,
  attributes: Type.Object({ scanner, energiesMv, pixelMm, airLevel, started }),
  /** How it ended; absent while columns come. */
  closed: Type.Optional(
    Type.Object({
      end,
      ended,
      lines,
      calibration,
      badPixels,
    }),
  ),
  /** It is a file now. */
  stored: Type.Optional(
    Type.Object({
      columns: Type.Integer(),
      bytes: Type.Integer(),
      sha256: Type.String(),
      thumbnail,
    }),
  ),
  /** The event of its end is in the outbox. */
  announced: Type.Boolean(),
  judged: Type.Boolean(),
});
export type ScanRecord = Static<typeof ScanRecord>;

export const storedFile = 'pixels.scan';
const recordFile = 'scan.json';
/** Folders with this in front are on their way out. */
const leaving = 'gone.';

/** The folders of scans below one folder, with their records. */
export class ScanFolders {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true, mode: 0o700 });
  }

  at(id: string): string {
    return join(this.root, fileNameOf(id));
  }

  /** Throws what the disk says, when the folder is there already too. */
  create(record: ScanRecord): string {
    const folder = this.at(record.scan);
    mkdirSync(folder, { mode: 0o700 });
    this.note(record);
    return folder;
  }

  /** On disk when it returns. */
  write(record: ScanRecord): void {
    replaceFile(join(this.at(record.scan), recordFile), JSON.stringify(record));
    syncFolder(this.root);
  }

  /** Whole after the process was killed; a power cut may take it back. Costs the messages of others no sync. */
  note(record: ScanRecord): void {
    const file = join(this.at(record.scan), recordFile);
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Every scan that is there, and those whose leaving was cut short; what has no record is swept away. */
  list(): { readonly scans: ScanRecord[]; readonly leaving: ScanRecord[] } {
    const found = { scans: [] as ScanRecord[], leaving: [] as ScanRecord[] };
    for (const name of readdirSync(this.root)) {
      const record = this.#read(name);
      if (!record) rmSync(join(this.root, name), { recursive: true, force: true });
      else if (name.startsWith(leaving)) found.leaving.push(record);
      else found.scans.push(record);
    }
    found.scans.sort((a, b) => a.order - b.order);
    return found;
  }

  #read(name: string): ScanRecord | undefined {
    try {
      const value: unknown = JSON.parse(readIfThere(join(this.root, name, recordFile)) ?? 'null');
      const own = name.startsWith(leaving) ? name.slice(leaving.length) : name;
      return Value.Check(ScanRecord, value) && fileNameOf(value.scan) === own ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** In two steps, so that a scan is told to be gone even if the process ends between them. */
  remove(id: string, tell: () => void): void {
    const name = fileNameOf(id);
    const away = join(this.root, leaving + name);
    try {
      renameSync(join(this.root, name), away);
    } catch {
      // The folder went before, or the disk is broken: it is gone for us either way.
    }
    tell();
    this.sweep(id);
  }

  sweep(id: string): void {
    rmSync(join(this.root, leaving + fileNameOf(id)), { recursive: true, force: true });
  }
}
