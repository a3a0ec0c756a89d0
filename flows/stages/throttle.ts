import { type Static, Type } from 'typebox';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { admit, checkKey, deviceOf, keyField, keyOf, maxKeysField } from './keys.ts';

const Bucket = Type.Object({
  tokens: Type.Number({ description: 'Messages that may pass at once.' }),
  atMs: Type.Number({ description: 'Clock when that was so, epoch ms.' }),
});

export const throttle = defineStage({
  type: 'throttle',
  summary: 'Lets through at most so many messages a second of each key; the rest leaves by `dropped`.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      key: keyField(
        'What is limited by itself: an expression (CEL) or a list of fields; each device when absent.',
      ),
      maxPerSecond: Type.Optional(
        Type.Number({
          description: 'Messages a second; as many may pass at once after a pause (at least one).',
          exclusiveMinimum: 0,
          maximum: 1_000_000,
        }),
      ),
      everySeconds: Type.Optional(
        Type.Number({ description: 'One message in so many seconds.', exclusiveMinimum: 0, maximum: 86_400 }),
      ),
      maxKeys: maxKeysField('keys'),
    },
    { additionalProperties: false },
  ),
  state: Bucket,
  outputs: () => ['dropped'],
  check(config) {
    const one = (config.maxPerSecond === undefined) !== (config.everySeconds === undefined);
    const problem = { path: 'maxPerSecond', message: 'give either maxPerSecond or everySeconds' };
    return [...checkKey(config.key, 'key'), ...(one ? [] : [problem])];
  },
  build(config, ctx) {
    const perMs = (config.maxPerSecond ?? 1 / (config.everySeconds ?? 1)) / 1000;
    const capacity = config.everySeconds === undefined ? Math.max(1, config.maxPerSecond ?? 1) : 1;
    const key = keyOf(config.key, deviceOf);
    const state = ctx.state as KeyedState<Static<typeof Bucket>>;
    return process(ctx, {
      message(message, out) {
        const name = key(message);
        const now = ctx.clock.now();
        admit(state, name, config.maxKeys);
        const bucket = state.get(name);
        const filled = bucket ? bucket.tokens + (now - bucket.atMs) * perMs : capacity;
        // one part in a million: a period of exactly everySeconds must not fail on rounding
        const tokens = Math.min(capacity, filled) + 1e-6;
        if (tokens < 1) return ctx.send('dropped', message);
        state.set(name, { tokens: Math.max(0, tokens - 1 - 1e-6), atMs: now });
        // a full bucket is as good as none: forget it then
        ctx.timers.set(name, now + Math.ceil(capacity / perMs));
        out(message);
      },
      timer: (name) => state.delete(name),
    });
  },
});
