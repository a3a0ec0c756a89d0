import type { ScanPage, ScanView } from '#hub/api/types';
import { type Client, problemOf, type Query } from '../api/client.ts';
import type { Strip } from '../api/strip.ts';
import type { Filters, ScanKey } from './address.ts';
import { createLatest } from './latest.ts';
import { arriveScans, firstScans, mergeScans, noScans, olderScans, type Scans } from './scans.ts';
import { createStore, type Store } from './store.ts';

const pageSize = 120;
const recentMost = 400;

export interface ScansModel {
  readonly scans: Store<Scans>;
  /** What was last said live, newest first, whatever the gallery filters. */
  readonly recent: Store<readonly ScanView[]>;
  /** Scans whose strips are wanted now. */
  readonly watched: Store<readonly ScanKey[]>;
  show(filters: Filters, at: number | undefined): void;
  arrive(scans: ReadonlyMap<string, ScanView>): void;
  catchUp(): void;
  older(): void;
  retry(): void;
  /** A strip came. */
  strip(strip: Strip): void;
  onStrip(listener: (strip: Strip) => void): () => void;
}

export function createScansModel(client: Client): ScansModel {
  const scans = createStore<Scans>(noScans);
  const recent = createStore<readonly ScanView[]>([]);
  const watched = createStore<readonly ScanKey[]>([]);
  const listeners = new Set<(strip: Strip) => void>();
  let filters: Filters | undefined;
  let at: number | undefined;

  const query = (): Query => ({
    site: filters?.site,
    box: filters?.box,
    scanner: filters?.scanner,
    subject: filters?.subject,
    outcome: filters?.outcome,
    at: at === undefined ? undefined : new Date(at).toISOString(),
    limit: pageSize,
  });
  const loads = createLatest<'first' | 'catchUp'>(async (kind, signal) => {
    try {
      const page = await client.get<ScanPage>('/scans', query(), signal);
      const first = firstScans(page);
      // What was loaded further down stays, unless the page does not reach back to it.
      const known = kind === 'catchUp' && scans.get().status === 'ready' ? scans.get() : undefined;
      scans.set(known ? { ...known, rows: mergeScans(known.rows, page.scans), status: 'ready' } : first);
    } catch (error) {
      if (!signal.aborted) scans.set({ ...scans.get(), status: 'failed', problem: problemOf(error) });
    }
  });
  const olderLoads = createLatest<string>(async (before, signal) => {
    try {
      const page = await client.get<ScanPage>('/scans', { ...query(), before }, signal);
      if (!signal.aborted) scans.set(olderScans(scans.get(), page));
    } catch {
      // The rows stay; scrolling on asks again.
      if (!signal.aborted) scans.set({ ...scans.get(), loadingOlder: false });
    }
  });

  return {
    scans,
    recent,
    watched,
    show(nextFilters, nextAt) {
      const anew = filters !== nextFilters || nextAt === undefined;
      filters = nextFilters;
      at = nextAt;
      olderLoads.stop();
      if (anew) loads.restart('first');
      else loads.request('first');
    },
    arrive(news) {
      if (news.size === 0) return;
      recent.set(mergeScans(recent.get(), news.values()).slice(0, recentMost));
      if (at === undefined && filters && scans.get().status === 'ready')
        scans.set(arriveScans(scans.get(), [...news.values()], filters));
    },
    catchUp() {
      if (at === undefined && filters) loads.request('catchUp');
    },
    older() {
      const now = scans.get();
      if (now.status !== 'ready' || now.complete || now.loadingOlder || now.next === undefined) return;
      scans.set({ ...now, loadingOlder: true });
      olderLoads.restart(now.next);
    },
    retry() {
      scans.set({ ...noScans, rows: scans.get().rows });
      loads.restart('first');
    },
    strip(strip) {
      for (const listener of [...listeners]) listener(strip);
    },
    onStrip(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
