import type { ApiProblem, BoxList, BoxView, DeviceList, Overview } from '#hub/api/types';
import { type Client, problemOf } from '../api/client.ts';
import { appendSample, type Sample } from './history.ts';
import { createLatest } from './latest.ts';
import { createStore, type Store } from './store.ts';

export type DeviceView = DeviceList['devices'][number];

/** Boxes and devices as shown: now, or at the cursor's moment. */
export interface Fleet {
  readonly hub?: Overview['hub'];
  readonly sites: Overview['sites'];
  readonly span?: { readonly from: number; readonly to: number };
  readonly boxes: readonly BoxView[];
  readonly devices: readonly DeviceView[];
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem?: ApiProblem;
}

export interface FleetModel {
  readonly shown: Store<Fleet>;
  /** The boxes as they are now, whatever moment is shown: the status bar's links are never old. */
  readonly live: Store<readonly BoxView[]>;
  /** What each box said since this screen was opened. */
  readonly history: Store<ReadonlyMap<string, readonly Sample[]>>;
  show(at: number | undefined): void;
  arrive(boxes: ReadonlyMap<string, BoxView>): void;
  catchUp(): void;
}

export const devicesOf = (boxes: readonly BoxView[]): DeviceView[] =>
  boxes.flatMap((box) =>
    (box.status?.devices ?? []).map((device) => ({ ...device, box: box.box, site: box.site })),
  );

const byName = (a: BoxView, b: BoxView) => a.name.localeCompare(b.name) || a.box.localeCompare(b.box);

export function createFleetModel(client: Client): FleetModel {
  const shown = createStore<Fleet>({ sites: [], boxes: [], devices: [], status: 'loading' });
  const live = createStore<readonly BoxView[]>([]);
  const history = createStore<ReadonlyMap<string, readonly Sample[]>>(new Map());
  let at: number | undefined;

  const takeLive = (boxes: readonly BoxView[]) => {
    live.set(boxes);
    const samples = new Map(history.get());
    for (const box of boxes)
      if (box.status) samples.set(box.box, appendSample(samples.get(box.box), box.status));
    history.set(samples);
    if (at === undefined) shown.set(ready({ ...shown.get(), boxes, devices: devicesOf(boxes) }));
  };
  const overviews = createLatest<void>(async (_, signal) => {
    try {
      const { hub, sites, span, boxes } = await client.get<Overview>('/overview', {}, signal);
      const ms = span && { span: { from: Date.parse(span.from), to: Date.parse(span.to) } };
      shown.set({ ...shown.get(), hub, sites, ...ms });
      takeLive([...boxes].sort(byName));
    } catch (error) {
      if (!signal.aborted) shown.set({ ...shown.get(), status: 'failed', problem: problemOf(error) });
    }
  });
  const pastLoads = createLatest<number>(async (moment, signal) => {
    const query = { at: new Date(moment).toISOString() };
    try {
      const [{ boxes }, { devices }] = await Promise.all([
        client.get<BoxList>('/boxes', query, signal),
        client.get<DeviceList>('/devices', query, signal),
      ]);
      if (at !== undefined) shown.set(ready({ ...shown.get(), boxes: [...boxes].sort(byName), devices }));
    } catch (error) {
      if (at !== undefined && !signal.aborted)
        shown.set({ ...shown.get(), status: 'failed', problem: problemOf(error) });
    }
  });

  return {
    shown,
    live,
    history,
    show(moment) {
      at = moment;
      if (moment === undefined) {
        pastLoads.stop();
        shown.set(ready({ ...shown.get(), boxes: live.get(), devices: devicesOf(live.get()) }));
      } else pastLoads.request(moment);
    },
    arrive(boxes) {
      if (boxes.size === 0) return;
      const known = live.get().filter((box) => !boxes.has(box.box));
      takeLive([...known, ...boxes.values()].sort(byName));
    },
    catchUp: () => overviews.request(),
  };
}

function ready({ problem: _, ...fleet }: Fleet): Fleet {
  return { ...fleet, status: fleet.hub ? 'ready' : 'loading' };
}
