import { type Static, Type } from 'typebox';
import type { EventDraft, Message } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { checkJoin, JoinConfig } from './join-config.ts';
import { admit, keyOf } from './keys.ts';
import { eventTime, timeText } from './time.ts';

const Held = Type.Object({
  ms: Type.Number({ description: 'Event time, epoch ms.' }),
  seenMs: Type.Number({ description: 'Clock when it came, epoch ms.' }),
  matched: Type.Boolean({ description: 'It was part of a pair.' }),
  message: Type.Unknown({ description: 'The message.' }),
});
type Held = Static<typeof Held>;

const Side = Type.Object({
  maxMs: Type.Union([Type.Number(), Type.Null()], { description: 'Newest event time so far, epoch ms.' }),
  held: Type.Array(Held, { description: 'Messages that may still find a partner, in order of arrival.' }),
});
const Sides = Type.Object({ left: Side, right: Side });
type Sides = Static<typeof Sides>;
type SideName = keyof Sides;

/**
 * Each pair becomes an event: `subject` the key, `time` the later of the two times, `data` `{key, left,
 * right}` with both messages whole; of a left join, a message without a partner gives `{key, left}` once
 * no partner can come any more.
 */
export const join = defineStage({
  type: 'join',
  summary: 'Pairs messages of two inputs that have the same key and lie close in event time.',
  accepts: 'any',
  emits: ['event'],
  config: JoinConfig,
  inputs: ['left', 'right'],
  state: Sides,
  outputs: () => ['dropped', 'late'],
  check: checkJoin,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Sides>;
    const keys = {
      left: keyOf(config.left, () => ''),
      right: keyOf(config.right, () => ''),
    };
    const withinMs = config.withinSeconds * 1000;
    const latenessMs = config.latenessSeconds * 1000;
    const patienceMs = withinMs + latenessMs + config.idleSeconds * 1000;

    function draft(key: string, left: Message, right?: Message): EventDraft {
      const later = right && eventTime(right) > eventTime(left) ? right : left;
      const time = timeText(later);
      return {
        kind: 'event',
        type: config.event,
        ...(left.device === undefined ? {} : { device: left.device }),
        subject: key,
        ...(time === undefined ? {} : { time }),
        quality: 'good',
        attributes: {},
        data: { key, left, ...(right ? { right } : {}) },
        stage: ctx.node,
      };
    }

    /** Lets go of what can find no partner any more: the other input is past it, or the clock is. */
    function expire(key: string, sides: Sides, nowMs: number, out: Out): void {
      for (const name of ['left', 'right'] as const) {
        const passedMs =
          (sides[name === 'left' ? 'right' : 'left'].maxMs ?? -Infinity) - latenessMs - withinMs;
        const keep: Held[] = [];
        for (const held of sides[name].held) {
          if (held.ms >= passedMs && held.seenMs + patienceMs > nowMs) keep.push(held);
          else if (name === 'left' && config.type === 'left' && !held.matched)
            out(draft(key, held.message as Message));
        }
        sides[name].held = keep;
      }
    }

    const wakeMs = ({ left, right }: Sides): number =>
      [...left.held, ...right.held].reduce(
        (least, { seenMs }) => Math.min(least, seenMs + patienceMs),
        Infinity,
      );

    function finish(key: string, sides: Sides): void {
      const next = wakeMs(sides);
      if (next === Infinity) {
        ctx.timers.clear(key);
        state.delete(key);
        return;
      }
      ctx.timers.set(key, next);
      state.set(key, sides);
    }

    return process(ctx, {
      message(message, out, port) {
        const name: SideName = port === 'left' ? 'left' : 'right';
        const key = keys[name](message);
        const ms = eventTime(message);
        const now = ctx.clock.now();
        admit(state, key, config.maxKeys);
        const sides = state.get(key) ?? { left: { maxMs: null, held: [] }, right: { maxMs: null, held: [] } };
        const own = sides[name];
        if (ms < (own.maxMs ?? -Infinity) - latenessMs) return ctx.send('late', message);
        own.maxMs = Math.max(own.maxMs ?? -Infinity, ms);
        const held: Held = { ms, seenMs: now, matched: false, message };
        for (const other of sides[name === 'left' ? 'right' : 'left'].held) {
          if (Math.abs(other.ms - ms) > withinMs) continue;
          other.matched = true;
          held.matched = true;
          const partner = other.message as Message;
          out(name === 'left' ? draft(key, message, partner) : draft(key, partner, message));
        }
        own.held.push(held);
        expire(key, sides, now, out);
        for (const { message: oldest } of own.held.splice(0, own.held.length - config.maxHeld)) {
          ctx.send('dropped', oldest as Message);
        }
        finish(key, sides);
      },
      timer(key, atMs, out) {
        const sides = state.get(key);
        if (!sides) return;
        expire(key, sides, atMs, out);
        finish(key, sides);
      },
      flush(out) {
        for (const key of [...state.keys()].sort()) {
          const sides = state.get(key);
          if (sides) expire(key, sides, Infinity, out);
          state.delete(key);
        }
      },
    });
  },
});
