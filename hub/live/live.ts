import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Priority } from '#flows/event';
import type { TapReport } from '#flows/wire';
import type { BoxView, ObjectState, StoredEvent } from '../api/types.ts';
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
  },
  { additionalProperties: false },
);
const isWatch = Compile(Watch);

interface Viewer {
  readonly id: string;
  readonly client: LiveClient;
  /** Sites that the person may see; undefined: all. */
  readonly sites: readonly string[] | undefined;
  priorities: ReadonlySet<string> | undefined;
  boxes: ReadonlySet<string> | undefined;
  objects: boolean;
  readonly valid: () => Promise<boolean>;
}

export interface LiveOptions {
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Position of the newest stored event. */
  readonly position: () => number;
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
        texts ??= events.map((event) => JSON.stringify({ kind: 'event', event }));
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
