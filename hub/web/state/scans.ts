import type { ApiProblem, ScanPage, ScanView } from '#hub/api/types';
import type { Filters } from './address.ts';
import { scanName } from './digest.ts';

/** The gallery: live scans first, then the newest. */
export interface Scans {
  readonly rows: readonly ScanView[];
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem?: ApiProblem;
  readonly next?: string;
  readonly complete: boolean;
  readonly loadingOlder: boolean;
}

export const noScans: Scans = { rows: [], status: 'loading', complete: false, loadingOlder: false };
/** More than this are let go at the far end. */
export const maxScans = 5000;

const order = (a: ScanView, b: ScanView): number =>
  Number(b.state === 'live') - Number(a.state === 'live') ||
  Date.parse(b.started) - Date.parse(a.started) ||
  scanName(a).localeCompare(scanName(b));

/** Puts `news` into `rows`; each scan stays once, with what was said last. */
export function mergeScans(rows: readonly ScanView[], news: Iterable<ScanView>): readonly ScanView[] {
  const byName = new Map(rows.map((row) => [scanName(row), row]));
  for (const scan of news) byName.set(scanName(scan), scan);
  return [...byName.values()].sort(order);
}

export const firstScans = (page: ScanPage): Scans => ({
  rows: mergeScans([], page.scans),
  status: 'ready',
  complete: page.next === undefined,
  loadingOlder: false,
  ...(page.next === undefined ? {} : { next: page.next }),
});

export function olderScans(scans: Scans, page: ScanPage): Scans {
  const { next: _, ...rest } = scans;
  return {
    ...rest,
    rows: mergeScans(scans.rows, page.scans),
    complete: page.next === undefined,
    loadingOlder: false,
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}

/** Live word of scans: those that fit the filters come in or change, those that no longer fit go. */
export function arriveScans(scans: Scans, news: readonly ScanView[], filters: Filters): Scans {
  const fitting = news.filter((scan) => scanFits(scan, filters));
  const gone = new Set(news.filter((scan) => !scanFits(scan, filters)).map(scanName));
  const kept = scans.rows.filter((row) => !gone.has(scanName(row)));
  const rows = mergeScans(kept, fitting);
  if (rows.length <= maxScans) return { ...scans, rows };
  const { next: _, ...rest } = scans;
  return { ...rest, rows: rows.slice(0, maxScans - 500), complete: false };
}

/** Whether a scan belongs to a list with these filters. The hub filters the same way. */
export const scanFits = (scan: ScanView, { site, box, scanner, subject, outcome }: Filters): boolean =>
  (site === undefined || scan.site === site) &&
  (box === undefined || scan.box === box) &&
  (scanner === undefined || scan.scanner === scanner) &&
  (subject === undefined || scan.subject === subject) &&
  (outcome === undefined || scan.verdict?.outcome === outcome);

/**
 * A scan as it was at a moment, ms: what came later is not yet known. Undefined before it began. How many
 * columns there were then is an estimate: the object drove evenly.
 */
export function scanAt<T extends ScanView>(scan: T, at: number | undefined): T | undefined {
  if (at === undefined) return scan;
  const started = Date.parse(scan.started);
  if (started > at) return undefined;
  const ended = Date.parse(scan.ended ?? '');
  const live = ended > at;
  const judged = scan.verdict !== undefined && Date.parse(scan.verdict.time) <= at;
  if (!live && (judged || scan.verdict === undefined)) return scan;
  const { verdict, ended: end, ...rest } = scan;
  return {
    ...rest,
    ...(live ? {} : { ended: end }),
    ...(judged ? { verdict } : { findings: [] }),
    ...(live
      ? {
          state: 'live',
          columns: Math.max(1, Math.round((scan.columns * (at - started)) / Math.max(1, ended - started))),
        }
      : {}),
  } as unknown as T;
}
