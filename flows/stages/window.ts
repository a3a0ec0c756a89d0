import { type Static, Type } from 'typebox';
import { compileExpression } from '../expression.ts';
import type { EventDraft, Message } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { admit, deviceOf, keyOf } from './keys.ts';
import { Pane, panesOf } from './panes.ts';
import { eventTime, toIso } from './time.ts';
import { checkWindow, WindowConfig } from './window-config.ts';

const Windows = Type.Object({
  closedMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'No window that ends by then opens again, epoch ms.',
  }),
  seenMs: Type.Number({ description: 'Clock at the last message, epoch ms.' }),
  open: Type.Array(Pane, { description: 'Windows that are open.' }),
});
type Windows = Static<typeof Windows>;

/**
 * Each closed window becomes an event: `subject` its key, `time` its end, `data` `{key, begin, end, count,
 * values}` with the aggregates by name in `values` (null where there were too few messages).
 */
export const window = defineStage({
  type: 'window',
  summary: 'Computes over stretches of event time for each key; what comes too late leaves by `late`.',
  accepts: 'any',
  emits: ['event'],
  config: WindowConfig,
  state: Windows,
  outputs: () => ['late'],
  check: checkWindow,
  build(config, ctx) {
    const key = keyOf(config.key, deviceOf);
    const state = ctx.state as KeyedState<Windows>;
    const panes = panesOf(config);
    const values = Object.values(config.aggregates).map(({ value }) =>
      value === undefined ? undefined : compileExpression(value, 'number'),
    );
    const latenessMs = config.latenessSeconds * 1000;
    const idleMs = config.idleSeconds * 1000;

    const draft = (name: string, pane: Pane): EventDraft => ({
      kind: 'event',
      type: config.event,
      ...(config.key === undefined ? { device: name } : {}),
      subject: name,
      time: toIso(pane.endMs),
      quality: 'good',
      attributes: {},
      data: {
        key: name,
        begin: toIso(pane.beginMs),
        end: toIso(pane.endMs),
        count: pane.count,
        values: panes.results(pane),
      },
      stage: ctx.node,
    });

    /** Closes what ends by `untilMs`, in order. */
    function close(name: string, windows: Windows, untilMs: number, out: Out): void {
      const done = windows.open.filter((pane) => pane.endMs <= untilMs);
      if (done.length === 0) return;
      windows.open = windows.open.filter((pane) => pane.endMs > untilMs);
      done.sort((a, b) => a.endMs - b.endMs || a.beginMs - b.beginMs);
      windows.closedMs = Math.max(windows.closedMs ?? -Infinity, done.at(-1)?.endMs ?? -Infinity);
      for (const pane of done) out(draft(name, pane));
    }

    /** When the clock may close the next window, or forget a key that has none. */
    function wakeMs({ open, seenMs, closedMs }: Windows): number {
      const end = open.reduce((least, pane) => Math.min(least, pane.endMs), Infinity);
      if (end < Infinity) return Math.max(end + latenessMs, seenMs) + idleMs;
      return Math.max(closedMs ?? seenMs, seenMs) + latenessMs + 2 * idleMs;
    }

    return process(ctx, {
      message(message: Message, out) {
        const name = key(message);
        const ms = eventTime(message);
        const now = ctx.clock.now();
        admit(state, name, config.maxKeys);
        const known = state.get(name);
        const windows = known ?? { closedMs: null, seenMs: now, open: [] };
        const numbers = values.map((value) => value?.number(message) ?? 0);
        if (!panes.add(windows.open, ms, numbers, windows.closedMs ?? -Infinity))
          return ctx.send('late', message);
        windows.seenMs = now;
        const watermarkMs = ms - latenessMs;
        close(name, windows, watermarkMs, out);
        windows.closedMs = Math.max(windows.closedMs ?? -Infinity, watermarkMs);
        state.set(name, windows);
        if (!known) ctx.timers.set(name, wakeMs(windows));
      },
      timer(name, atMs, out) {
        const windows = state.get(name);
        if (!windows) return;
        if (windows.seenMs + idleMs <= atMs) close(name, windows, atMs - latenessMs - idleMs, out);
        const next = wakeMs(windows);
        if (windows.open.length === 0 && next <= atMs) return state.delete(name);
        state.set(name, windows);
        ctx.timers.set(name, Math.max(next, atMs + 1));
      },
      flush(out) {
        for (const name of [...state.keys()].sort()) {
          const windows = state.get(name);
          if (windows) close(name, windows, Infinity, out);
          state.delete(name);
        }
      },
    });
  },
});
