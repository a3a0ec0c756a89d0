import { type Static, Type } from 'typebox';
import type { Message } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { admit, checkKey, deviceOf, keyField, keyOf, maxKeysField } from './keys.ts';
import { eventTime } from './time.ts';

const Held = Type.Object({
  timeMs: Type.Number({ description: 'Event time, epoch ms.' }),
  message: Type.Unknown({ description: 'The newest message.' }),
});

export const latest = defineStage({
  type: 'latest',
  summary: 'Gives the newest message of each key, once in an interval.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      key: keyField(
        'What is kept by itself: an expression (CEL) or a list of fields; each device when absent.',
      ),
      everySeconds: Type.Number({
        description: 'From the first message of a key to the newest one leaving.',
        exclusiveMinimum: 0,
        maximum: 86_400,
      }),
      maxKeys: maxKeysField('keys'),
    },
    { additionalProperties: false },
  ),
  state: Held,
  check: (config) => checkKey(config.key, 'key'),
  build(config, ctx) {
    const key = keyOf(config.key, deviceOf);
    const state = ctx.state as KeyedState<Static<typeof Held>>;
    return process(ctx, {
      message(message) {
        const name = key(message);
        const timeMs = eventTime(message);
        admit(state, name, config.maxKeys);
        const held = state.get(name);
        if (!held) ctx.timers.set(name, ctx.clock.now() + config.everySeconds * 1000);
        if (!held || timeMs >= held.timeMs) state.set(name, { timeMs, message });
      },
      timer(name, _atMs, out) {
        const held = state.get(name);
        state.delete(name);
        if (held) out(held.message as Message);
      },
    });
  },
});
