import { type Static, Type } from 'typebox';
import type { Message } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { admit, checkKey, deviceOf, keyField, keyOf, maxKeysField } from './keys.ts';
import { eventTime } from './time.ts';

const Buffered = Type.Object({
  maxMs: Type.Number({ description: 'Newest event time so far, epoch ms.' }),
  releasedMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'Event time of the last message let go, epoch ms.',
  }),
  seenMs: Type.Number({ description: 'Clock at the last message, epoch ms.' }),
  held: Type.Array(Type.Object({ ms: Type.Number(), message: Type.Unknown() }), {
    description: 'Messages that wait, by event time, then by arrival.',
  }),
});
type Buffered = Static<typeof Buffered>;

/** Puts a message behind all that are as old or older. */
function insert(held: Buffered['held'], ms: number, message: Message): void {
  let i = held.length;
  while (i > 0 && (held[i - 1]?.ms ?? 0) > ms) i -= 1;
  held.splice(i, 0, { ms, message });
}

export const reorder = defineStage({
  type: 'reorder',
  summary: 'Puts the messages of each device in order of event time; what comes too late leaves by `late`.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      key: keyField(
        'What is put in order by itself: an expression (CEL) or a list of fields; each device when absent.',
      ),
      latenessSeconds: Type.Number({
        description: 'A message is held until one this much newer came, seconds of event time.',
        default: 5,
        minimum: 0,
        maximum: 86_400,
      }),
      idleSeconds: Type.Number({
        description: 'All is let go when nothing came for so long by the clock, seconds.',
        default: 30,
        exclusiveMinimum: 0,
        maximum: 86_400,
      }),
      maxHeld: Type.Integer({
        description: 'Most messages held of each device; one more, and the oldest is let go early.',
        default: 1000,
        minimum: 1,
        maximum: 100_000,
      }),
      maxKeys: maxKeysField('devices'),
    },
    { additionalProperties: false },
  ),
  state: Buffered,
  outputs: () => ['late'],
  check: (config) => checkKey(config.key, 'key'),
  build(config, ctx) {
    const key = keyOf(config.key, deviceOf);
    const state = ctx.state as KeyedState<Buffered>;
    const latenessMs = config.latenessSeconds * 1000;
    const idleMs = config.idleSeconds * 1000;

    function release(buffered: Buffered, untilMs: number, out: Out): void {
      const { held } = buffered;
      let count = held.findIndex(({ ms }) => ms > untilMs);
      if (count < 0) count = held.length;
      count = Math.max(count, held.length - config.maxHeld);
      for (const { ms, message } of held.splice(0, count)) {
        buffered.releasedMs = ms;
        out(message as Message);
      }
    }

    return process(ctx, {
      message(message, out) {
        const name = key(message);
        const ms = eventTime(message);
        admit(state, name, config.maxKeys);
        const known = state.get(name);
        const buffered = known ?? { maxMs: ms, releasedMs: null, seenMs: 0, held: [] };
        if (ms < Math.max(buffered.maxMs - latenessMs, buffered.releasedMs ?? -Infinity)) {
          return ctx.send('late', message);
        }
        if (!known) ctx.timers.set(name, ctx.clock.now() + idleMs);
        buffered.maxMs = Math.max(buffered.maxMs, ms);
        buffered.seenMs = ctx.clock.now();
        insert(buffered.held, ms, message);
        release(buffered, buffered.maxMs - latenessMs, out);
        state.set(name, buffered);
      },
      timer(name, atMs, out) {
        const buffered = state.get(name);
        if (!buffered) return;
        if (buffered.seenMs + idleMs > atMs) return ctx.timers.set(name, buffered.seenMs + idleMs);
        release(buffered, Infinity, out);
        // once more as long, and what came before is no longer a measure for what comes
        if (buffered.seenMs + 2 * idleMs <= atMs) return state.delete(name);
        state.set(name, buffered);
        ctx.timers.set(name, buffered.seenMs + 2 * idleMs);
      },
      flush(out) {
        for (const name of [...state.keys()].sort()) {
          const buffered = state.get(name);
          if (!buffered) continue;
          release(buffered, Infinity, out);
          state.set(name, buffered);
        }
      },
    });
  },
});
