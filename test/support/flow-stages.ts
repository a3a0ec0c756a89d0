import { filter, map, take } from 'rxjs';
import { Type } from 'typebox';
import type { Emission } from '#flows/event';
import type { FlowDocument } from '#flows/flow';
import type { Message, Reading } from '#flows/message';
import { process, Refusal } from '#flows/process';
import type { FlowError, FlowHost } from '#flows/runtime';
import { defineStage, type Stage } from '#flows/stage';
import { work } from '#flows/work';
import { at } from './messages.ts';

/** Small stages that exercise the runtime: state, timers, randomness, ports, asynchrony, failure. */

const value = (message: Message): number => (message.kind === 'reading' ? message.value : Number.NaN);
const changed = (message: Message, by: Partial<Reading>): Message => ({ ...(message as Reading), ...by });
const reading = (name: string, device: string | undefined, amount: number): Message => ({
  kind: 'reading',
  ...(device === undefined ? {} : { device }),
  quality: 'good',
  attributes: {},
  name,
  value: amount,
  unit: '1',
});

export const emit = defineStage({
  type: 'emit',
  summary: 'Emits what reaches it.',
  accepts: 'any',
  emits: [],
  config: Type.Object({
    priority: Type.Enum(['alarm', 'verdict', 'telemetry'], { description: 'Priority.', default: 'verdict' }),
  }),
  build: ({ priority }, ctx) =>
    process(ctx, {
      message(message) {
        const { kind, device, attributes } = message;
        const name = kind === 'reading' ? message.name : '';
        ctx.emit({
          priority,
          type: `quaywatch.${kind}.observed`,
          ...(device === undefined ? {} : { subject: device }),
          time: message.time ?? at(0),
          data: { name, value: value(message), attributes },
          stage: ctx.node,
        });
      },
    }),
});

/** Adds up values by device; 13 is refused, 17 throws. */
export const sum = defineStage({
  type: 'sum',
  summary: 'Running sum by device.',
  accepts: ['reading'],
  emits: ['reading'],
  config: Type.Object({}),
  state: Type.Number(),
  stateVersion: 2,
  migrate: (old, version) => (version === 1 && typeof old === 'string' ? Number(old) : undefined),
  build: (_config, ctx) =>
    process(ctx, {
      message(message, out) {
        if (value(message) === 13) throw new Refusal('sum.unlucky', 'it is 13');
        if (value(message) === 17) throw new Error('it is 17');
        const key = message.device ?? '';
        const total = ((ctx.state.get(key) as number | undefined) ?? 0) + value(message);
        ctx.state.set(key, total);
        out(changed(message, { name: 'sum', value: total }));
      },
    }),
});

/** Holds a message back for some seconds of the clock; at the end what is held goes out by its timer. */
export const delay = defineStage({
  type: 'delay',
  summary: 'Delays by device, newest wins.',
  accepts: ['reading'],
  emits: ['reading'],
  config: Type.Object({ seconds: Type.Number({ description: 'How long, s.', default: 5 }) }),
  state: Type.Unknown(),
  build: ({ seconds }, ctx) =>
    process(ctx, {
      message(message) {
        const key = message.device ?? '';
        ctx.state.set(key, message);
        ctx.timers.set(key, ctx.clock.now() + seconds * 1000);
      },
      timer(key, _atMs, out) {
        const held = ctx.state.get(key) as Message | undefined;
        ctx.state.delete(key);
        if (held !== undefined) out(changed(held, { name: 'delayed' }));
      },
    }),
});

/** Groups of three; at the end, what there is. */
export const batch = defineStage({
  type: 'batch',
  summary: 'Adds three values up.',
  accepts: ['reading'],
  emits: ['reading'],
  config: Type.Object({}),
  state: Type.Array(Type.Number()),
  build: (_config, ctx) => {
    const close = (out: (message: Message) => void): void => {
      const values = (ctx.state.get('') as number[] | undefined) ?? [];
      if (values.length === 0) return;
      ctx.state.delete('');
      out(
        reading(
          'batch',
          undefined,
          values.reduce((a, b) => a + b, 0),
        ),
      );
    };
    return process(ctx, {
      message(message, out) {
        const values = [...((ctx.state.get('') as number[] | undefined) ?? []), value(message)];
        ctx.state.set('', values);
        if (values.length === 3) close(out);
      },
      flush: close,
    });
  },
});

export const random = defineStage({
  type: 'random',
  summary: 'Adds a random number.',
  accepts: ['reading'],
  emits: ['reading'],
  config: Type.Object({}),
  build: (_config, ctx) =>
    process(ctx, {
      message: (message, out) =>
        out(changed(message, { value: value(message) + Math.floor(ctx.random() * 10) })),
    }),
});

export const split = defineStage({
  type: 'split',
  summary: 'Even values by port even, odd ones by odd.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object({}),
  outputs: () => ['even', 'odd'],
  build: (_config, ctx) =>
    process(ctx, { message: (message) => ctx.send(value(message) % 2 === 0 ? 'even' : 'odd', message) }),
});

export const pair = defineStage({
  type: 'pair',
  summary: 'The newest of the right beside each of the left.',
  accepts: ['reading'],
  emits: ['reading'],
  inputs: ['left', 'right'],
  config: Type.Object({}),
  state: Type.Number(),
  build: (_config, ctx) =>
    process(ctx, {
      message(message, out, port) {
        if (port === 'right') ctx.state.set('right', value(message));
        else
          out(
            changed(message, {
              value: value(message) + ((ctx.state.get('right') as number | undefined) ?? 0),
            }),
          );
      },
    }),
});

/** RxJS operators as they are: an error for 13, completion after `take` messages. */
export const operators = defineStage({
  type: 'operators',
  summary: 'Plain RxJS.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object({
    take: Type.Integer({ description: 'Completes after so many.', default: 1_000_000 }),
  }),
  build:
    ({ take: count }) =>
    (input) =>
      input.pipe(
        filter((message) => value(message) >= 0),
        map((message) => {
          if (value(message) === 13) throw new Error('it is 13');
          return message;
        }),
        take(count),
      ),
});

/** Work that takes as many turns of the event loop's microtask queue as the value says; -1 rejects. */
export const slow = defineStage({
  type: 'slow',
  summary: 'Doubles, later.',
  accepts: ['reading'],
  emits: ['reading'],
  config: Type.Object({
    concurrency: Type.Integer({ description: 'At the same time.', default: 2, minimum: 1 }),
  }),
  state: Type.Number(),
  asynchronous: true,
  concurrency: ({ concurrency }) => concurrency,
  build: (_config, ctx) =>
    work<number>(ctx, {
      async work(message) {
        const turns = Math.abs(value(message)) % 7;
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        if (value(message) === -1) throw new Refusal('slow.negative', 'it is -1');
        return value(message) * 2;
      },
      conclude(message, doubled, out) {
        ctx.state.set('count', ((ctx.state.get('count') as number | undefined) ?? 0) + 1);
        out(changed(message, { name: 'doubled', value: doubled }));
      },
    }),
});

export const testStages: readonly Stage[] = [batch, delay, emit, operators, pair, random, slow, split, sum];

/** An asynchronous stage whose work ends when the test says so. */
export function gated(): {
  stage: Stage;
  waiting: () => number[];
  release: (value?: number) => Promise<void>;
} {
  const open: { amount: number; resolve: () => void }[] = [];
  const stage = defineStage({
    type: 'gated',
    summary: 'Ends when told.',
    accepts: ['reading'],
    emits: ['reading'],
    config: Type.Object({
      concurrency: Type.Integer({ description: 'At the same time.', default: 1, minimum: 1 }),
    }),
    asynchronous: true,
    concurrency: ({ concurrency }) => concurrency,
    build: (_config, ctx) =>
      work<void>(ctx, {
        work: (message) => new Promise((resolve) => open.push({ amount: value(message), resolve })),
        conclude: (message, _result, out) => out(message),
      }),
  });
  return {
    stage,
    waiting: () => open.map(({ amount }) => amount),
    async release(amount) {
      const index = amount === undefined ? 0 : open.findIndex((one) => one.amount === amount);
      const [one] = open.splice(index, 1);
      one?.resolve();
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}

/** A host that writes down what it is told. */
export interface RecordingHost extends FlowHost {
  nowMs: number;
  readonly emissions: Emission[];
  readonly errors: FlowError[];
  readonly wakes: (number | undefined)[];
  /** `node+` for credit given, `node-` for credit withdrawn. */
  readonly credits: string[];
  changes: number;
}

export function recordingHost(seed = 1): RecordingHost {
  const host: RecordingHost = {
    nowMs: 0,
    changes: 0,
    emissions: [],
    errors: [],
    wakes: [],
    credits: [],
    clock: { now: () => host.nowMs },
    resources: {},
    seed,
    emit: (emission) => host.emissions.push(emission),
    fail: (error) => host.errors.push(error),
    wake: (atMs) => host.wakes.push(atMs),
    credit: (node, open) => host.credits.push(`${node}${open ? '+' : '-'}`),
    changed: () => {
      host.changes++;
    },
  };
  return host;
}

/** A flow from short notation: nodes `id: type` (drivers begin with `@`), wires `a -> b`. */
export function flowOf(
  nodes: Readonly<Record<string, string | [type: string, config: Record<string, unknown>]>>,
  wires: readonly (string | [wire: string, buffer: Partial<FlowDocument['wires'][number]['buffer']>])[],
  version = 1,
): FlowDocument {
  return {
    id: 'test',
    version,
    nodes: Object.entries(nodes).map(([id, described]) => {
      const [type, config] = typeof described === 'string' ? [described, {}] : described;
      return type.startsWith('@') ? { id, driver: type.slice(1), config } : { id, stage: type, config };
    }),
    wires: wires.map((described) => {
      const [text, buffer] = typeof described === 'string' ? [described, {}] : described;
      const [from = '', to = ''] = text.split(' -> ');
      return { from, to, buffer: { capacity: 1024, overflow: 'block', ...buffer } };
    }),
  };
}

/** Values of what was emitted, in order. */
export const emitted = (host: RecordingHost): number[] =>
  host.emissions.map(({ data }) => data.value as number);
