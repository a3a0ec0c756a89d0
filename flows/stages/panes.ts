import { type Static, Type } from 'typebox';
import { type AggregateFunction, aggregates } from './aggregates.ts';
import type { WindowConfig } from './window-config.ts';

/** One open window of one key: from `beginMs` up to, not including, `endMs`. */
export const Pane = Type.Object({
  beginMs: Type.Number({ description: 'Beginning, epoch ms.' }),
  endMs: Type.Number({ description: 'End, epoch ms.' }),
  count: Type.Number({ description: 'Messages in it.' }),
  values: Type.Array(Type.Array(Type.Number()), {
    description: 'What each aggregate holds, in the order of the config.',
  }),
});
export type Pane = Static<typeof Pane>;

/** Values of one message for the aggregates, in their order. */
export type Values = readonly number[];

export interface Panes {
  /** Puts a message at event time `ms` into the windows that it belongs to. False: all of them are closed. */
  add(open: Pane[], ms: number, values: Values, closedMs: number): boolean;
  results(pane: Pane): Record<string, number | null>;
}

export function panesOf(config: WindowConfig): Panes {
  const names = Object.keys(config.aggregates);
  const list = Object.values(config.aggregates).map(({ fn }: { fn: AggregateFunction }) => aggregates[fn]);
  const empty = (beginMs: number, endMs: number): Pane => ({
    beginMs,
    endMs,
    count: 0,
    values: list.map(({ initial }) => [...initial]),
  });
  const take = (pane: Pane, ms: number, values: Values) => {
    pane.count += 1;
    pane.values = list.map((one, i) => one.add(pane.values[i] ?? [], values[i] ?? 0, ms));
  };
  const sizeMs = (config.sizeSeconds ?? 0) * 1000;
  const slideMs = config.type === 'sliding' ? (config.slideSeconds ?? 0) * 1000 : sizeMs;
  const gapMs = (config.gapSeconds ?? 0) * 1000;

  function addAligned(open: Pane[], ms: number, values: Values, closedMs: number): boolean {
    let taken = false;
    for (let beginMs = Math.floor(ms / slideMs) * slideMs; beginMs > ms - sizeMs; beginMs -= slideMs) {
      if (beginMs + sizeMs <= closedMs) break;
      let pane = open.find((one) => one.beginMs === beginMs);
      if (!pane) {
        pane = empty(beginMs, beginMs + sizeMs);
        open.push(pane);
      }
      take(pane, ms, values);
      taken = true;
    }
    return taken;
  }

  function addSession(open: Pane[], ms: number, values: Values, closedMs: number): boolean {
    const joined = empty(ms, ms + gapMs);
    take(joined, ms, values);
    const apart: Pane[] = [];
    for (const pane of open) {
      if (pane.endMs <= ms || pane.beginMs >= ms + gapMs) {
        apart.push(pane);
        continue;
      }
      joined.beginMs = Math.min(joined.beginMs, pane.beginMs);
      joined.endMs = Math.max(joined.endMs, pane.endMs);
      joined.count += pane.count;
      joined.values = list.map((one, i) => one.merge(pane.values[i] ?? [], joined.values[i] ?? []));
    }
    if (joined.endMs <= closedMs) return false;
    open.splice(0, open.length, ...apart, joined);
    return true;
  }

  return {
    add: config.type === 'session' ? addSession : addAligned,
    results: (pane) =>
      Object.fromEntries(names.map((name, i) => [name, list[i]?.result(pane.values[i] ?? []) ?? null])),
  };
}
