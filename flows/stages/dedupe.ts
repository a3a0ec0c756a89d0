import { type Static, Type } from 'typebox';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { checkKey, keyField, keyOf } from './keys.ts';

const Seen = Type.Object({
  n: Type.Number({ description: 'Counts up: the order in which keys were first seen.' }),
  seenMs: Type.Number({ description: 'Clock when it was first seen, epoch ms.' }),
});

/**
 * Keys in the order in which they were first seen. The order is in the state; the list is only a way
 * to read it, made anew after a restart.
 */
function memory(state: KeyedState<Static<typeof Seen>>) {
  let order: string[] | undefined;
  let first = 0;
  let n = 0;
  const list = (): string[] => {
    if (order) return order;
    const entries = [...state.keys()].map((key) => [key, state.get(key)?.n ?? 0] as const);
    entries.sort((a, b) => a[1] - b[1]);
    n = (entries.at(-1)?.[1] ?? 0) + 1;
    order = entries.map(([key]) => key);
    return order;
  };
  const forgetOldest = () => {
    const keys = list();
    state.delete(keys[first] ?? '');
    first += 1;
    if (first > 1000 && first * 2 > keys.length) {
      order = keys.slice(first);
      first = 0;
    }
  };
  return {
    forgetBefore(ms: number): void {
      for (;;) {
        const oldest = list()[first];
        if (oldest === undefined || (state.get(oldest)?.seenMs ?? 0) > ms) return;
        forgetOldest();
      }
    },
    forgetOldest,
    add(key: string, seenMs: number) {
      list().push(key);
      state.set(key, { n: n++, seenMs });
    },
  };
}

export const dedupe = defineStage({
  type: 'dedupe',
  summary: 'Lets through the first message of each key; repeats within a time leave by `dropped`.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      key: keyField(
        'What makes two messages the same: an expression (CEL) or a list of fields; device, time and kind when absent.',
      ),
      withinSeconds: Type.Number({
        description: 'A message is a repeat when the first of its key came less than so long ago, seconds.',
        default: 3600,
        exclusiveMinimum: 0,
        maximum: 2_592_000,
      }),
      maxKeys: Type.Integer({
        description: 'Most keys remembered at once; one more, and the oldest is forgotten.',
        default: 100_000,
        minimum: 1,
        maximum: 10_000_000,
      }),
    },
    { additionalProperties: false },
  ),
  state: Seen,
  outputs: () => ['dropped'],
  check: (config) => checkKey(config.key, 'key'),
  build(config, ctx) {
    const state = ctx.state as KeyedState<Static<typeof Seen>>;
    const key = keyOf(config.key ?? ['device', 'time', 'kind'], () => '');
    const seen = memory(state);
    return process(ctx, {
      message(message, out) {
        const now = ctx.clock.now();
        const name = key(message);
        seen.forgetBefore(now - config.withinSeconds * 1000);
        if (state.get(name)) return ctx.send('dropped', message);
        if (state.size >= config.maxKeys) seen.forgetOldest();
        seen.add(name, now);
        out(message);
      },
    });
  },
});
