import { type Static, Type } from 'typebox';
import { compileExpression } from '../expression.ts';
import type { EventDraft } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { admit, deviceOf, keyOf } from './keys.ts';
import { checkThreshold, ThresholdConfig } from './threshold-config.ts';
import { eventTime, timeText, toIso } from './time.ts';

const Watched = Type.Object({
  ms: Type.Number({ description: 'Time of the last value, epoch ms.' }),
  seenMs: Type.Number({ description: 'Clock when it came, epoch ms.' }),
  value: Type.Number({ description: 'The last value.' }),
  side: Type.Optional(
    Type.Enum(['above', 'below'], {
      description: 'Limit that it is beyond, or was and has not come back from.',
    }),
  ),
  since: Type.Optional(Type.String({ description: 'When it went beyond, ISO 8601.' })),
  sinceMs: Type.Optional(Type.Number({ description: 'The same, epoch ms.' })),
  raised: Type.Optional(Type.String({ description: 'When the alarm was raised, ISO 8601.' })),
  name: Type.Optional(Type.String({ description: 'Name of the reading.' })),
  unit: Type.Optional(Type.String({ description: 'Unit of the reading.' })),
});
type Watched = Static<typeof Watched>;

export const threshold = defineStage({
  type: 'threshold',
  summary:
    'Raises an alarm while a value is beyond a limit, and clears it; bad values are ignored, late ones leave by `late`.',
  accepts: 'any',
  emits: ['event'],
  config: ThresholdConfig,
  state: Watched,
  outputs: () => ['late'],
  check: checkThreshold,
  build(config, ctx) {
    const expression = compileExpression(config.value, 'number');
    const key = keyOf(config.key, deviceOf);
    const state = ctx.state as KeyedState<Watched>;
    const { above = Infinity, below = -Infinity, hysteresis, severity } = config;
    const forMs = config.forSeconds * 1000;

    const sideOf = (value: number): Watched['side'] =>
      value > above ? 'above' : value < below ? 'below' : undefined;
    const isBack = (side: Watched['side'], value: number): boolean =>
      side === 'above' ? value <= above - hysteresis : value >= below + hysteresis;

    function draft(what: 'raised' | 'cleared', of: string, watched: Watched, time: string): EventDraft {
      const { side, value, since, raised } = watched;
      const { name = watched.name, unit = watched.unit } = config;
      return {
        kind: 'event',
        type: `${config.event}.${what}`,
        ...(config.key === undefined ? { device: of } : {}),
        subject: of,
        time,
        quality: 'good',
        attributes: {},
        data: {
          key: of,
          side,
          limit: side === 'above' ? above : below,
          value,
          since,
          ...(what === 'cleared' ? { raised } : {}),
          severity,
          ...(name === undefined ? {} : { name }),
          ...(unit === undefined ? {} : { unit }),
        },
        stage: ctx.node,
      };
    }

    const dueMs = ({ sinceMs = 0 }: Watched): number => sinceMs + forMs;

    function raise(name: string, watched: Watched, out: Out): void {
      watched.raised = forMs === 0 ? (watched.since ?? '') : toIso(dueMs(watched));
      out(draft('raised', name, watched, watched.raised));
    }

    /** What stays of the state when a value comes: a value holds until the next one. */
    function carry(
      name: string,
      known: Watched,
      ms: number,
      value: number,
      time: string,
      out: Out,
    ): Partial<Watched> {
      const { side, since, sinceMs } = known;
      if (side === undefined || since === undefined || sinceMs === undefined) return {};
      if (known.raised === undefined && ms >= dueMs(known)) raise(name, known, out);
      const { raised } = known;
      if (raised === undefined) return sideOf(value) === side ? { side, since, sinceMs } : {};
      if (!isBack(side, value)) return { side, since, sinceMs, raised };
      out(draft('cleared', name, { ...known, value }, time));
      return {};
    }

    return process(ctx, {
      message(message, out) {
        if (message.quality === 'bad') return;
        const name = key(message);
        const ms = eventTime(message);
        const value = expression.number(message);
        admit(state, name, config.maxKeys);
        const known = state.get(name);
        if (known && ms < known.ms) return ctx.send('late', message);
        const time = timeText(message) ?? '';
        const seenMs = ctx.clock.now();
        const watched: Watched = {
          ...(known ? carry(name, known, ms, value, time, out) : {}),
          ms,
          seenMs,
          value,
          ...(message.kind === 'reading' ? { name: message.name, unit: message.unit } : {}),
        };
        const side = sideOf(value);
        if (watched.side === undefined && side !== undefined) {
          watched.side = side;
          watched.since = time;
          watched.sinceMs = ms;
          if (forMs === 0) raise(name, watched, out);
          else ctx.timers.set(name, seenMs + forMs);
        }
        if (known?.side !== undefined && watched.side === undefined) ctx.timers.clear(name);
        state.set(name, watched);
      },
      timer(name, atMs, out) {
        const watched = state.get(name);
        if (watched?.side === undefined || watched.raised !== undefined) return;
        // the device's own time by now, if its values take as long to come as the last one did
        const nowMs = watched.ms + atMs - watched.seenMs;
        if (nowMs < dueMs(watched)) return ctx.timers.set(name, atMs + dueMs(watched) - nowMs);
        raise(name, watched, out);
        state.set(name, watched);
      },
    });
  },
});
