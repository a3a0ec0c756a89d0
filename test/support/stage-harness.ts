import { Subject } from 'rxjs';
import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import type { Emission } from '#flows/event';
import type { Message } from '#flows/message';
import type { Resources, Stage, StageContext } from '#flows/stage';

/** What a stage did, in order. */
export type Output =
  | { readonly port: string; readonly message: Message }
  | { readonly emission: Emission }
  | { readonly error: string; readonly detail: string; readonly message: Message };

/** State and timers as a checkpoint holds them: text, so that nothing but JSON survives. */
export interface Checkpoint {
  readonly text: string;
}

export interface StageRun {
  /** Moves the clock to `atMs` (default: the message's `received`, else `time`), then takes the message. */
  push(message: Message, port?: string, atMs?: number): void;
  /** Fires every timer due by then, and moves the clock. */
  advance(toMs: number): void;
  /** End of input: all timers fire, then the stage flushes. */
  flush(): void;
  checkpoint(): Checkpoint;
  /** Ends the graph without a flush. */
  stop(): void;
  readonly outputs: Output[];
  /** Messages that left by a port. */
  port(name: string): Message[];
  readonly state: ReadonlyMap<string, unknown>;
}

export interface StageOptions {
  readonly resources?: Resources;
  readonly from?: Checkpoint;
}

/** A config with its defaults, checked as the compiler checks it. Throws with the first problem. */
export function configOf<C extends TObject>(stage: Stage<C>, config: unknown): Static<C> {
  const filled = Value.Default(stage.config, Value.Clone(config));
  if (!Value.Check(stage.config, filled)) {
    const error = Value.Errors(stage.config, filled)[0];
    throw new Error(`${error?.instancePath}: ${error?.message}`);
  }
  const problem = stage.check?.(filled)[0];
  if (problem) throw new Error(`${problem.path}: ${problem.message}`);
  return filled;
}

/**
 * One stage in virtual time: the context of a flow without a flow. Every value of the state passes
 * through JSON and the state's schema whenever it is set, as a checkpoint would have it.
 */
export function runStage<C extends TObject>(
  stage: Stage<C>,
  config: unknown,
  options: StageOptions = {},
): StageRun {
  const state = new Map<string, string>();
  const timers = new Map<string, { atMs: number; order: number }>();
  const outputs: Output[] = [];
  let nowMs = 0;
  let order = 0;
  if (options.from) {
    const saved = JSON.parse(options.from.text) as {
      nowMs: number;
      state: [string, string][];
      timers: [string, number][];
    };
    nowMs = saved.nowMs;
    for (const [key, value] of saved.state) state.set(key, value);
    for (const [key, atMs] of saved.timers) timers.set(key, { atMs, order: order++ });
  }
  const handlers: StageContext['handlers'] = {};
  const ctx: StageContext = {
    node: 'node',
    flow: { id: 'flow', hash: 'hash' },
    clock: { now: () => nowMs },
    timers: {
      set: (key, atMs) => {
        timers.set(key, { atMs, order: order++ });
      },
      clear: (key) => {
        timers.delete(key);
      },
    },
    state: {
      get: (key) => {
        const text = state.get(key);
        return text === undefined ? undefined : JSON.parse(text);
      },
      set: (key, value) => {
        const text = JSON.stringify(value);
        if (!stage.state) throw new Error(`${stage.type} keeps state and has no schema for it`);
        const error = Value.Errors(stage.state, JSON.parse(text))[0];
        if (error) throw new Error(`state ${key} ${error.instancePath}: ${error.message}`);
        state.set(key, text);
      },
      delete: (key) => {
        state.delete(key);
      },
      keys: () => [...state.keys()],
      get size() {
        return state.size;
      },
    },
    resources: options.resources ?? {},
    random: () => 0.5,
    send: (port, message) => {
      outputs.push({ port, message });
    },
    emit: (emission) => {
      outputs.push({ emission });
    },
    fail: (code, detail, message) => {
      outputs.push({ error: code, detail, message });
    },
    handlers,
  };
  const checked = configOf(stage, config);
  const names = stage.inputs ?? ['in'];
  const inputs = Object.fromEntries(names.map((name) => [name, new Subject<Message>()]));
  const first = inputs[names[0] ?? 'in'];
  if (!first) throw new Error('a stage without inputs');
  const operator = stage.build(checked, ctx);
  const subscription = operator(first, inputs).subscribe((message) => {
    outputs.push({ port: 'out', message });
  });
  const fireNext = (limitMs: number): boolean => {
    let due: [string, { atMs: number; order: number }] | undefined;
    for (const entry of timers) {
      const [, timer] = entry;
      if (timer.atMs > limitMs) continue;
      if (!due || timer.atMs < due[1].atMs || (timer.atMs === due[1].atMs && timer.order < due[1].order))
        due = entry;
    }
    if (!due) return false;
    const [key, { atMs }] = due;
    timers.delete(key);
    nowMs = Math.max(nowMs, atMs);
    handlers.timer?.(key, atMs);
    return true;
  };
  const advance = (toMs: number) => {
    while (fireNext(toMs));
    nowMs = Math.max(nowMs, toMs);
  };
  return {
    push(message, port = names[0] ?? 'in', atMs) {
      advance(atMs ?? Date.parse(message.received ?? message.time ?? ''));
      const input = inputs[port];
      if (!input) throw new Error(`no input ${port}`);
      input.next(message);
    },
    advance,
    flush() {
      while (fireNext(Number.POSITIVE_INFINITY));
      handlers.flush?.();
    },
    checkpoint: () => ({
      text: JSON.stringify({
        nowMs,
        state: [...state].reverse(), // a stage must not rely on the order of its keys
        timers: [...timers].sort((a, b) => a[1].order - b[1].order).map(([key, { atMs }]) => [key, atMs]),
      }),
    }),
    stop: () => subscription.unsubscribe(),
    outputs,
    port: (name) =>
      outputs.flatMap((output) => ('port' in output && output.port === name ? [output.message] : [])),
    get state() {
      return new Map([...state].map(([key, text]) => [key, JSON.parse(text) as unknown]));
    },
  };
}

/** One input of a run. */
export interface Step {
  readonly message: Message;
  readonly port?: string;
  readonly atMs?: number;
}

/** All outputs of a run over `steps`, cut into runs that resume from a checkpoint in front of each `cut`. */
export function outputsOf<C extends TObject>(
  stage: Stage<C>,
  config: unknown,
  steps: readonly Step[],
  cuts: readonly number[] = [],
  resources: Resources = {},
): Output[] {
  let run = runStage(stage, config, { resources });
  const all: Output[] = [];
  steps.forEach((step, i) => {
    if (cuts.includes(i)) {
      all.push(...run.outputs);
      const from = run.checkpoint();
      run.stop();
      run = runStage(stage, config, { resources, from });
    }
    run.push(step.message, step.port, step.atMs);
  });
  run.flush();
  all.push(...run.outputs);
  run.stop();
  return all;
}
