import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Priority } from '#flows/event';
import type { TapReport } from '#flows/wire';
import { slim } from '../api/slim.ts';
import type { BoxView, ObjectState, ScanView, StoredEvent } from '../api/types.ts';
import type { Metrics } from '../metrics.ts';
import {
  createLiveClient,
  defaultLimits,
  type LiveClient,
  type LiveLimits,
  type LiveSocket,
} from './client.ts';

const Watch = Type.Object(
  {
    kind: Type.Literal('watch'),
    events: Type.Optional(
      Type.Object({
        priorities: Type.Optional(Type.Array(Priority)),
        boxes: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
      }),
    ),
    objects: Type.Optional(Type.Boolean()),
    scans: Type.Optional(
      Type.Union([
        Type.Literal('all'),
        Type.Array(Type.Object({ box: Type.String(), scan: Type.String() }), { maxItems: 100 }),
      ]),
    ),
  },
  { additionalProperties: false },
);
const isWatch = Compile(Watch);

type ScanName = { readonly box: string; readonly scan: string };

interface Viewer {
  readonly id: string;
  readonly client: LiveClient;
  /** Sites that the person may see; undefined: all. */
  readonly sites: readonly string[] | undefined;
  priorities: ReadonlySet<string> | undefined;
  boxes: ReadonlySet<string> | undefined;
  objects: boolean;
  /** Whose strips it gets. */
  scans: 'all' | readonly ScanName[];
  readonly valid: () => Promise<boolean>;
}

export interface LiveOptions {
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Position of the newest stored event. */
  readonly position: () => number;
  /** What is watched has changed. */
  readonly onWatch: () => void;
  readonly maxClients?: number;
  readonly limits?: LiveLimits;
}

const objectPeriodMs = 250;
const tickPeriodMs = 5000;

/** Everyone who watches live. What is given to it is on disk already. */
export function createLive(options: LiveOptions) {
  const { metrics, now } = options;
  const viewers = new Map<string, Viewer>();
  const maxClients = options.maxClients ?? 200;
  const counters = {
    skipped: (events: number) => metrics.liveSkipped.inc(events),
    cut: () => metrics.liveCut.inc(),
  };
  let timers: NodeJS.Timeout[] = [];

  const mayHave = (viewer: Viewer, site: string): boolean => viewer.sites?.includes(site) ?? true;

  function leave(viewer: Viewer): void {
    if (!viewers.delete(viewer.id)) return;
    metrics.liveClients.set(viewers.size);
    options.onWatch();
    if (viewers.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  async function tick(): Promise<void> {
    const time = new Date(now()).toISOString();
    for (const viewer of [...viewers.values()]) {
      if (!(await viewer.valid())) {
        viewer.client.close(4401, 'signed out');
        leave(viewer);
      } else if (viewer.client.check()) leave(viewer);
      else viewer.client.say({ kind: 'tick', time });
    }
  }

  function start(): void {
    if (timers.length > 0) return;
    timers = [
      setInterval(() => {
        for (const { client } of viewers.values()) client.flush();
      }, objectPeriodMs),
      setInterval(() => void tick(), tickPeriodMs),
    ];
  }

  return {
    full: () => viewers.size >= maxClients,
    maxClients,
    /** A new client; `message` and `gone` are to be called with what its socket says. */
    join(socket: LiveSocket, sites: readonly string[] | undefined, valid: () => Promise<boolean>) {
      const client = createLiveClient(socket, counters, now, options.limits ?? defaultLimits);
      const id = randomUUID();
      const viewer: Viewer = {
        id,
        client,
        sites,
        priorities: undefined,
        boxes: undefined,
        objects: true,
        scans: [],
        valid,
      };
      viewers.set(id, viewer);
      metrics.liveClients.set(viewers.size);
      start();
      client.say({
        kind: 'hello',
        time: new Date(now()).toISOString(),
        position: options.position(),
        client: id,
      });
      return {
        message(text: string): void {
          let value: unknown;
          try {
            value = JSON.parse(text);
          } catch {
            value = undefined;
          }
          if (!isWatch.Check(value)) {
            client.close(4400, 'not a watch message');
            leave(viewer);
            return;
          }
          const { priorities, boxes } = value.events ?? {};
          viewer.priorities = priorities && new Set(priorities);
          viewer.boxes = boxes && new Set(boxes);
          viewer.objects = value.objects ?? true;
          viewer.scans = value.scans ?? [];
          options.onWatch();
        },
        gone: () => leave(viewer),
      };
    },
    /** Events of one box and priority, in order. */
    events(events: readonly StoredEvent[], site: string): void {
      const first = events[0]?.event;
      if (!first || viewers.size === 0) return;
      let texts: string[] | undefined;
      for (const viewer of viewers.values()) {
        if (!mayHave(viewer, site) || viewer.priorities?.has(first.priority) === false) continue;
        if (viewer.boxes?.has(first.box) === false) continue;
        texts ??= events.map((event) => JSON.stringify({ kind: 'event', event: slim(event) }));
        viewer.client.events(texts);
      }
    },
    objects(states: readonly ObjectState[], site: string): void {
      for (const viewer of viewers.values())
        if (viewer.objects && mayHave(viewer, site)) viewer.client.objects(states);
    },
    box(view: BoxView): void {
      for (const viewer of viewers.values()) if (mayHave(viewer, view.site)) viewer.client.box(view);
    },
    /** A fence set has a new version; who may not see it asks for nothing that it shows. */
    map(set: string, version: number): void {
      for (const { client } of viewers.values()) client.say({ kind: 'map', set, version });
    },
    watchList(list: string): void {
      for (const { client } of viewers.values()) client.say({ kind: 'watch', list });
    },
    scan(view: ScanView): void {
      for (const viewer of viewers.values()) if (mayHave(viewer, view.site)) viewer.client.scan(view);
    },
    /** A strip as a binary message, to whoever watches the scan; a client that is behind goes without. */
    strip({ box, scan, site }: ScanName & { readonly site: string }, message: Uint8Array): void {
      for (const viewer of viewers.values()) {
        const { scans } = viewer;
        const watches = scans === 'all' || scans.some((one) => one.box === box && one.scan === scan);
        if (watches && mayHave(viewer, site)) viewer.client.strip(message);
      }
    },
    /** Scans whose strips somebody watches. */
    watched(): { all: boolean; scans: ScanName[] } {
      const all = [...viewers.values()];
      return {
        all: all.some(({ scans }) => scans === 'all'),
        scans: all.flatMap(({ scans }) => (scans === 'all' ? [] : scans)),
      };
    },
    has: (client: string) => viewers.has(client),
    tap(client: string, tap: TapReport): void {
      viewers.get(client)?.client.say({ kind: 'tap', tap });
    },
    close(): void {
      for (const viewer of [...viewers.values()]) {
        viewer.client.close(1001, 'the hub stops');
        leave(viewer);
      }
    },
  };
}
export type Live = ReturnType<typeof createLive>;
