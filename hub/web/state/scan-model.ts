import type { ApiProblem, ScanDetail, ScanView } from '#hub/api/types';
import { type Client, problemOf } from '../api/client.ts';
import { type ScanKey, sameScan } from './address.ts';
import { scanName } from './digest.ts';
import { createLatest } from './latest.ts';
import { createStore, type Store } from './store.ts';

/** The scan that is open or selected, with the way back to what it rests on. */
export interface OpenScan {
  readonly key?: ScanKey;
  readonly detail?: ScanDetail;
  readonly problem?: ApiProblem;
  /** Why the box could not be asked for the pixels. */
  readonly refused?: ApiProblem;
}

export interface ScanModel {
  readonly open: Store<OpenScan>;
  show(key: ScanKey | undefined): void;
  arrive(scans: ReadonlyMap<string, ScanView>): void;
  catchUp(): void;
  /** Asks the box for the pixels. */
  fetch(): Promise<void>;
}

export const scanPath = ({ box, scan }: ScanKey): string =>
  `/scans/${encodeURIComponent(box)}/${encodeURIComponent(scan)}`;

export function createScanModel(client: Client): ScanModel {
  const open = createStore<OpenScan>({});
  const loads = createLatest<ScanKey>(async (key, signal) => {
    try {
      const detail = await client.get<ScanDetail>(scanPath(key), {}, signal);
      if (sameScan(open.get().key, key)) open.set({ key, detail });
    } catch (error) {
      if (!signal.aborted && sameScan(open.get().key, key))
        open.set({ ...open.get(), problem: problemOf(error) });
    }
  });
  return {
    open,
    show(key) {
      if (sameScan(open.get().key, key)) return;
      open.set(key ? { key } : {});
      if (key) loads.restart(key);
      else loads.stop();
    },
    arrive(scans) {
      const { key, detail } = open.get();
      const news = key && scans.get(scanName(key));
      if (!key || !news) return;
      if (detail) open.set({ ...open.get(), detail: { ...detail, ...news } });
      // What a verdict or an end rests on is not in the news of it.
      const turned =
        detail?.state !== news.state ||
        detail.place !== news.place ||
        detail.verdict?.sequence !== news.verdict?.sequence;
      if (turned) loads.request(key);
    },
    catchUp() {
      const { key } = open.get();
      if (key) loads.request(key);
    },
    async fetch() {
      const { key } = open.get();
      if (!key) return;
      try {
        const view = await client.send<ScanView>('POST', `${scanPath(key)}/fetch`);
        const { refused: _, ...now } = open.get();
        if (sameScan(now.key, key))
          open.set(now.detail ? { ...now, detail: { ...now.detail, ...view } } : now);
      } catch (error) {
        if (sameScan(open.get().key, key)) open.set({ ...open.get(), refused: problemOf(error) });
      }
    },
  };
}
