import { Value } from 'typebox/value';
import { unpackMessage } from '#firmware-config/binary-message';
import type { ScanFile } from '#firmware-config/scan-file/read';
import type { Problem } from '#flows/fault';
import { type LiveStrip, ScanUpward } from '#flows/scan-wire';
import { type Signer, signDocument } from '#flows/trust/sign';
import type { Downward } from '#flows/wire';
import type { ScanDetail, ScanPage, ScanView, StoredEvent } from '../api/types.ts';
import { faults } from '../faults.ts';
import type { ScanQuery, ScanRecordStore, ScanRow } from '../store/store.ts';
import { createFetcher } from './fetcher.ts';
import type { ScanFiles } from './files.ts';
import { toDetail, toView } from './view.ts';
import { createWatching, isWhole, stripMessage, type Watched } from './watching.ts';

export interface ScansOptions {
  readonly store: ScanRecordStore;
  readonly files: ScanFiles;
  /** Fetch every scan, not only those that somebody asks for. */
  readonly fetchAll: boolean;
  readonly maxScanBytes: number;
  readonly signer: Signer;
  readonly now: () => number;
  /** False when the box is not connected. */
  readonly send: (box: string, message: Downward) => boolean;
  /** Boxes that can be spoken to. */
  readonly boxes: () => readonly string[];
  readonly siteOf: (box: string) => string | undefined;
  readonly watched: () => Watched;
  readonly onScan: (view: ScanView) => void;
  readonly onStrip: (to: { box: string; scan: string; site: string }, message: Uint8Array) => void;
  readonly onRefused: (box: string, problem: Problem) => void;
  readonly onFailure: (error: unknown) => void;
}

const tickMs = 1000;
const sweepMs = 600_000;
/** A command counts for so long: it only reads, and clocks of boxes may be off by as much, ms. */
const commandLifeMs = 600_000;
/** Least time between two views of one scan that only grew, ms. */
const growthMs = 1000;

/** Everything the hub does with scans: shows them, lets people watch them come, fetches and keeps their files. */
export function createScans(options: ScansOptions) {
  const { store, files, now } = options;
  /** Columns of scans that come and are watched, and when that was last shown. */
  const growing = new Map<string, { columns: number; shownAt: number }>();
  const shownAt = new Map<string, number>();
  const key = (box: string, scan: string) => `${box} ${scan}`;

  function command<T extends object>(box: string, what: T) {
    const issued = new Date(now()).toISOString();
    const expires = new Date(now() + commandLifeMs).toISOString();
    return signDocument({ ...what, box, issued, expires }, options.signer);
  }

  const fetcher = createFetcher({
    store,
    files,
    maxScanBytes: options.maxScanBytes,
    now,
    ask: (box, range) => options.send(box, command(box, { kind: 'scan-fetch' as const, ...range })),
    onChange: (box, scan) => void showAgain(box, scan).catch(options.onFailure),
    onRefused: options.onRefused,
    onFailure: options.onFailure,
  });
  const watching = createWatching({
    now,
    watched: options.watched,
    boxes: options.boxes,
    send: (box, wish) => options.send(box, command(box, { kind: 'scan-watch' as const, ...wish })),
  });

  const nowOf = ({ box, scan }: ScanRow) => {
    const columns = growing.get(key(box, scan))?.columns;
    const fetched = fetcher.fetched(box, scan);
    return { ...(columns !== undefined && { columns }), ...(fetched !== undefined && { fetched }) };
  };
  const viewOf = (row: ScanRow, at?: number): ScanView => toView(row, nowOf(row), at);

  async function show(box: string, scan: string): Promise<ScanRow | undefined> {
    const row = await store.one(box, scan);
    if (row) options.onScan(viewOf(row));
    return row;
  }

  /** As `show`, but no more than once a period while it only grows. */
  async function showAgain(box: string, scan: string): Promise<void> {
    const last = shownAt.get(key(box, scan)) ?? 0;
    const settled = fetcher.fetched(box, scan) === undefined;
    if (!settled && now() - last < growthMs) return;
    if (shownAt.size > 1000) shownAt.clear();
    shownAt.set(key(box, scan), now());
    await show(box, scan);
  }

  function takeStrip(box: string, strip: LiveStrip, body: Uint8Array): void {
    options.send(box, { kind: 'strip-acknowledgement', upto: strip.number });
    const site = options.siteOf(box);
    if (!isWhole(strip, body) || site === undefined) return;
    const { scan, column0, columns, step } = strip;
    options.onStrip({ box, scan, site }, stripMessage(box, strip, body));
    const known = growing.get(key(box, scan)) ?? { columns: 0, shownAt: 0 };
    known.columns = Math.max(known.columns, column0 + columns * step);
    if (growing.size > 200) growing.clear();
    growing.set(key(box, scan), known);
    if (now() - known.shownAt < growthMs) return;
    known.shownAt = now();
    void show(box, scan).catch(options.onFailure);
  }

  async function told({ event }: StoredEvent): Promise<void> {
    const { box, type, data } = event;
    const scan = String(data.scan);
    if (type === 'quaywatch.scan.completed') {
      growing.delete(key(box, scan));
      const row = await store.one(box, scan);
      const fetch = options.fetchAll && row?.copy === 'none' && row.completed?.sha256 !== undefined;
      if (fetch) await store.setCopy(box, scan, 'wanted');
    }
    const row = await show(box, scan);
    if (row?.copy === 'wanted') fetcher.wake(box);
  }

  const find = async (box: string, scan: string): Promise<ScanRow> => {
    const row = await store.one(box, scan);
    if (!row) throw faults.fault('api.notFound', { what: `scan ${scan} of ${box}` });
    return row;
  };

  const timers = [
    setInterval(() => {
      fetcher.tick(options.boxes());
      watching.update();
    }, tickMs),
    setInterval(() => {
      const sweep = files.sweep(now());
      sweep
        .then((gone) => Promise.all(gone.map(({ box, scan }) => show(box, scan))))
        .catch(options.onFailure);
    }, sweepMs),
  ];

  return {
    /** Events that are stored. */
    async stored(events: readonly StoredEvent[]): Promise<void> {
      for (const event of events) if (event.event.type.startsWith('quaywatch.scan.')) await told(event);
    },
    /** A binary payload of a box. A promise asks the caller to wait with more. */
    payload(box: string, bytes: Uint8Array): Promise<void> | undefined {
      const message = unpackMessage(bytes);
      if (!message || !Value.Check(ScanUpward, message.header)) {
        options.onRefused(box, faults.problem('ingest.malformed', { detail: 'no message of a scan' }));
        return undefined;
      }
      const { header, body } = message;
      if (header.kind === 'piece') return fetcher.piece(box, header, body);
      if (header.kind === 'no-piece') return fetcher.noPiece(box, header).catch(options.onFailure);
      takeStrip(box, header, body);
      return undefined;
    },
    /** The box can be spoken to. */
    ready(box: string): void {
      watching.ready(box);
      fetcher.wake(box);
    },
    /** What people look at has changed. */
    watch: () => watching.update(),

    async page(query: ScanQuery, at?: number): Promise<ScanPage> {
      const rows = await store.page(query);
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      const scans = rows.map((row) => viewOf(row, at));
      return { scans, ...(last && { next: `${Date.parse(last.facts.started)}.${last.id}` }) };
    },
    /** Throws `api.notFound`. */
    view: async (box: string, scan: string): Promise<ScanView> => viewOf(await find(box, scan)),
    async detail(box: string, scan: string): Promise<ScanDetail> {
      const row = await find(box, scan);
      return toDetail(row, nowOf(row), store);
    },
    thumbnail: (box: string, scan: string) => store.thumbnail(box, scan),
    /** To be closed by the caller. Throws `api.notFound` and `scan.elsewhere`. */
    async open(box: string, scan: string): Promise<ScanFile> {
      await find(box, scan);
      const file = await files.open(box, scan);
      if (!file) throw faults.fault('scan.elsewhere', { scan });
      return file;
    },
    /** Asks the box for the file. Throws `api.notFound` and `scan.gone`. */
    async fetch(box: string, scan: string): Promise<ScanView> {
      const row = await find(box, scan);
      const view = viewOf(row);
      if (view.place === 'gone') throw faults.fault('scan.gone', { scan });
      if (view.place === 'hub') return view;
      if (row.copy !== 'wanted') await store.setCopy(box, scan, 'wanted');
      fetcher.hurry(box, scan);
      const after = viewOf(await find(box, scan));
      options.onScan(after);
      return after;
    },
    figures: files.figures,
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await fetcher.close();
    },
  };
}
export type Scans = ReturnType<typeof createScans>;
