import { type Event, type Priority, toEvent } from '#flows/event';
import type { Release, Status } from '#flows/wire';
import type { Append, BoxRecord, Item, Store } from '../store.ts';

/** One thing that every implementation of `Store` must do; `reopen` closes and opens the same data again. */
export interface StoreCase {
  readonly name: string;
  run(store: Store, reopen: () => Promise<Store>): Promise<void>;
}

export const base = Date.UTC(2026, 0, 1);
export const flow = { id: 'f', hash: 'a'.repeat(64) };

export interface Fields {
  readonly type?: string;
  readonly subject?: string;
  readonly seconds?: number;
  readonly data?: Record<string, unknown>;
  readonly priority?: Priority;
  readonly previous?: number;
  readonly supersedes?: string;
}

export function sampleEvent(box: string, sequence: number, fields: Fields = {}): Event {
  return toEvent(
    {
      priority: fields.priority ?? 'alarm',
      type: fields.type ?? 'quaywatch.reading.observed',
      subject: fields.subject ?? 'device-1',
      time: new Date(base + (fields.seconds ?? sequence) * 1000).toISOString(),
      data: fields.data ?? { value: sequence },
      stage: 'out',
      ...(fields.supersedes !== undefined && { supersedes: fields.supersedes }),
    },
    { box, site: 'said-by-box' },
    flow,
    { sequence, previous: fields.previous ?? sequence - 1 },
  );
}

export const group = (
  box: string,
  items: readonly Item[],
  priority: Priority = 'alarm',
  site = 'quay',
): Append => ({
  box,
  site,
  priority,
  items,
});
export const events = (...list: Event[]): Item[] => list.map((event) => ({ event }));
export const sequences = async (store: Store, query: Partial<Parameters<Store['records']['page']>[0]> = {}) =>
  (await store.records.page({ limit: 100, ...query })).map(({ event }) => event.sequence);
export const at = (seconds: number) => base + seconds * 1000;

export const boxRecord = (box: string, enrolled = base): BoxRecord => ({
  box,
  name: box,
  site: 'quay',
  signingKey: 'k',
  fingerprint: 'f',
  enrolled,
});

export const status = (box: string, uptimeS: number): Status => ({
  kind: 'status',
  box,
  site: 'quay',
  name: box,
  time: new Date(base).toISOString(),
  uptimeS,
  version: '1',
  outbox: { pending: {}, bytes: 0, full: false },
  flows: [],
  devices: [],
  rssBytes: 0,
  lagMs: 0,
});

export const release = (box: string, version: number): Release => ({
  kind: 'release',
  id: `${box}-${version}`,
  version,
  box,
  issued: new Date(base).toISOString(),
  expires: new Date(base).toISOString(),
  flows: [],
  fenceSets: {},
  confirmLoss: [],
  signature: 's',
});

export const position = (box: string, sequence: number, seconds: number, lon: number, subject = 'truck') =>
  sampleEvent(box, sequence, {
    type: 'quaywatch.position.observed',
    subject,
    seconds,
    data: { lon, lat: 34, quality: 'good', fix: true, attributes: {} },
  });
export const fence = (
  box: string,
  sequence: number,
  seconds: number,
  change: string,
  id: string,
  more: Fields = {},
) =>
  sampleEvent(box, sequence, {
    type: `quaywatch.fence.${change}`,
    subject: 'truck',
    seconds,
    data: { fence: id },
    ...more,
  });
export const fencesAt = async (store: Store, seconds: number) =>
  (await store.objects.at(at(seconds), 86_400_000)).find(({ object }) => object === 'truck')?.fences;
